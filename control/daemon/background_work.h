// SPDX-License-Identifier: Apache-2.0
//
// One piece of work that may take long, on a thread of its own, so that control's thread serves on:
// a program of the administrator's, say. Owned by control's thread, which calls everything here.
#pragma once

#include "dataplane/base/result.h"
#include "dataplane/base/unique_fd.h"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

namespace dialtone::daemon {

class BackgroundWork {
 public:
  // Runs in the new thread, and touches nothing that another one has but what is made for that; it
  // ends by itself, sooner when it is told to.
  using Work = std::function<Result<std::string>(const std::stop_token&)>;

  static Result<std::unique_ptr<BackgroundWork>> start(Work work);
  ~BackgroundWork() = default;  // gives up, and waits for the end of the work
  BackgroundWork(const BackgroundWork&) = delete;
  BackgroundWork& operator=(const BackgroundWork&) = delete;

  // Readable when the work is done.
  int fd() const noexcept { return done_fd_.get(); }

  // Nobody wants it any more.
  void give_up() noexcept { thread_.request_stop(); }

  // What came of it, once; nothing: it is not done yet.
  std::optional<Result<std::string>> take();

 private:
  BackgroundWork(UniqueFd done_fd, Work work);

  UniqueFd done_fd_;                           // an eventfd
  std::optional<Result<std::string>> result_;  // of the thread until is_done_
  std::atomic<bool> is_done_{false};
  std::jthread thread_;  // last: it uses the others
};

}  // namespace dialtone::daemon
