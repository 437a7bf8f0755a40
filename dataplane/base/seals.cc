// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/seals.h"

#include <fcntl.h>

#include <cerrno>
#include <chrono>
#include <thread>

namespace dialtone {
namespace {

constexpr std::chrono::seconds kPatience{2};
// A try waits by itself for pages that are held, and not at all for a writable map.
constexpr std::chrono::milliseconds kPause{5};

}  // namespace

Result<void> add_seals(int fd, int seals) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (::fcntl(fd, F_ADD_SEALS, seals) != 0) {
    if (errno != EBUSY) {
      return errno_error("sealing a memory file", errno);
    }
    if (std::chrono::steady_clock::now() >= end) {
      return errno_error("sealing a memory file: something holds pages of it", EBUSY);
    }
    std::this_thread::sleep_for(kPause);
  }
  return {};
}

}  // namespace dialtone
