// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/background_work.h"

#include <unistd.h>

#include <sys/eventfd.h>

#include <cerrno>
#include <cstdint>
#include <utility>

namespace dialtone::daemon {

Result<std::unique_ptr<BackgroundWork>> BackgroundWork::start(Work work) {
  UniqueFd done_fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!done_fd.valid()) {
    return errno_error("making a descriptor for the end of what is begun", errno);
  }
  return std::unique_ptr<BackgroundWork>(new BackgroundWork(std::move(done_fd), std::move(work)));
}

BackgroundWork::BackgroundWork(UniqueFd done_fd, Work work)
    : done_fd_(std::move(done_fd)),
      thread_([this, work = std::move(work)](const std::stop_token& stop) {
        result_.emplace(work(stop));
        is_done_.store(true, std::memory_order_release);
        const std::uint64_t one = 1;
        (void)!::write(done_fd_.get(), &one, sizeof(one));
      }) {}

std::optional<Result<std::string>> BackgroundWork::take() {
  return is_done_.load(std::memory_order_acquire) ? std::exchange(result_, std::nullopt)
                                                  : std::nullopt;
}

}  // namespace dialtone::daemon
