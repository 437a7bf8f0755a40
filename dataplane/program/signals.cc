// SPDX-License-Identifier: Apache-2.0
#include "dataplane/program/signals.h"

#include <signal.h>

#include <sys/signalfd.h>

#include <algorithm>
#include <cerrno>

namespace dialtone::program {

Result<UniqueFd> open_signals(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) {
    sigaddset(&set, signal);
  }
  if (const int error = ::pthread_sigmask(SIG_BLOCK, &set, nullptr); error != 0) {
    return errno_error("blocking signals", error);
  }
  UniqueFd fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd.valid()) {
    return errno_error("opening a signal descriptor", errno);
  }
  return fd;
}

bool is_waiting(std::initializer_list<int> signals) noexcept {
  sigset_t waiting;
  return ::sigpending(&waiting) == 0 &&
         std::any_of(signals.begin(), signals.end(),
                     [&](int signal) { return sigismember(&waiting, signal) == 1; });
}

}  // namespace dialtone::program
