// SPDX-License-Identifier: Apache-2.0
#include "control/database/sqlite/wal_watch.h"

#include <unistd.h>

#include <sys/inotify.h>

namespace dialtone::database {

void WalWatch::begin(const std::string& path) {
  if (is_watching_) {
    return;
  }
  if (!fd_.valid()) {
    fd_ = UniqueFd(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  }
  is_watching_ = fd_.valid() && ::inotify_add_watch(fd_.get(), path.c_str(), IN_MODIFY) >= 0;
}

bool WalWatch::take() noexcept {
  alignas(inotify_event) char buffer[1024];
  bool any = false;
  while (is_watching_) {
    const ssize_t got = ::read(fd_.get(), buffer, sizeof(buffer));
    if (got <= 0) {
      break;
    }
    any = true;
    for (const char* at = buffer; at < buffer + got;) {
      const auto& event = *reinterpret_cast<const inotify_event*>(at);
      is_watching_ = is_watching_ && (event.mask & IN_IGNORED) == 0;  // the log was removed
      at += sizeof(inotify_event) + event.len;
    }
  }
  return any;
}

}  // namespace dialtone::database
