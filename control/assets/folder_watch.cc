// SPDX-License-Identifier: Apache-2.0
#include "control/assets/folder_watch.h"

#include <unistd.h>

#include <sys/inotify.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

namespace dialtone::assets {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

// A copy of many files is one change; but a folder that is never quiet is looked at all the same.
constexpr milliseconds kQuiet{50};
constexpr milliseconds kPatience{1000};

// IN_MODIFY is left out: a file counts when its writer closes it.
constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE |
                                  IN_CREATE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;

}  // namespace

Result<FolderWatch> FolderWatch::open(const std::string& folder) {
  UniqueFd fd(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (!fd.valid()) {
    return errno_error("opening inotify", errno);
  }
  FolderWatch watch(std::move(fd), folder);
  DIALTONE_TRY(watch.watch_tree(folder));
  return watch;
}

Result<void> FolderWatch::watch_tree(const std::string& folder) {
  const int watch = ::inotify_add_watch(fd_.get(), folder.c_str(), kEvents | IN_ONLYDIR);
  if (watch < 0) {
    if (errno == ENOSPC) {
      return failed("too many folders below " + folder_ +
                    " to watch; raise the sysctl fs.inotify.max_user_watches");
    }
    return errno_error("watching " + folder, errno);
  }
  folders_[watch] = folder;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    // A folder that goes away while we look is no fault.
    if (entry.is_directory(error) && !entry.is_symlink(error)) {
      if (auto below = watch_tree(entry.path().string());
          !below && fs::exists(entry.path(), error)) {
        return below;
      }
    }
  }
  return {};
}

void FolderWatch::read_events(Clock::time_point now) {
  alignas(inotify_event) char buffer[16 * 1024];
  for (;;) {
    const ssize_t got = ::read(fd_.get(), buffer, sizeof(buffer));
    if (got <= 0) {
      return;
    }
    first_event_ = first_event_.value_or(now);
    last_event_ = now;
    for (const char* at = buffer; at < buffer + got;) {
      const auto& event = *reinterpret_cast<const inotify_event*>(at);
      at += sizeof(inotify_event) + event.len;
      if ((event.mask & IN_IGNORED) != 0) {
        folders_.erase(event.wd);
      } else if ((event.mask & IN_ISDIR) != 0 && (event.mask & (IN_CREATE | IN_MOVED_TO)) != 0) {
        if (const auto parent = folders_.find(event.wd); parent != folders_.end()) {
          // What was put into it before the watch is found by the scan that follows. A failure
          // shows in the next start's open(); until then that folder's changes wait for others.
          (void)watch_tree(parent->second + "/" + event.name);
        }
      }
    }
  }
}

std::optional<FolderWatch::Clock::time_point> FolderWatch::due() const noexcept {
  if (!first_event_) {
    return std::nullopt;
  }
  return std::min(last_event_ + kQuiet, *first_event_ + kPatience);
}

bool FolderWatch::take(Clock::time_point now) noexcept {
  const auto when = due();
  if (!when || now < *when) {
    return false;
  }
  first_event_.reset();
  return true;
}

}  // namespace dialtone::assets
