// SPDX-License-Identifier: Apache-2.0
//
// Says when something below a folder has changed (inotify): files written and closed, moved, gone;
// folders that come are watched too. Several events are one change: take() is true once the folder
// has been quiet for a moment, or noisy for too long. One thread; never blocks.
#pragma once

#include "dataplane/base/result.h"
#include "dataplane/base/unique_fd.h"

#include <chrono>
#include <optional>
#include <string>
#include <unordered_map>

namespace dialtone::assets {

class FolderWatch {
 public:
  using Clock = std::chrono::steady_clock;

  // An Error when the machine's limit of watches is reached: it says which sysctl to raise.
  static Result<FolderWatch> open(const std::string& folder);

  int fd() const noexcept { return fd_.get(); }

  // Reads what waits on fd().
  void read_events(Clock::time_point now);

  // When take() may become true; nothing: no change waits.
  std::optional<Clock::time_point> due() const noexcept;
  // True once for each settled change.
  bool take(Clock::time_point now) noexcept;

 private:
  FolderWatch(UniqueFd fd, std::string folder) : fd_(std::move(fd)), folder_(std::move(folder)) {}

  Result<void> watch_tree(const std::string& folder);

  UniqueFd fd_;
  std::string folder_;
  std::unordered_map<int, std::string> folders_;  // by watch descriptor
  std::optional<Clock::time_point> first_event_;
  Clock::time_point last_event_;
};

}  // namespace dialtone::assets
