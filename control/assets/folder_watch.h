// SPDX-License-Identifier: Apache-2.0
//
// Says when something below a folder has changed: files written and closed, moved, gone. Several
// events are one change: take() is true once the folder has been quiet for a moment, or noisy for
// too long. The folder is the one that has the name now: when another takes its place (a rename, a
// symlink that is switched, a mount), that is a change, seen within a second. One thread; never
// blocks but for a look at the folder.
#pragma once

#include "control/assets/watch_tree.h"
#include "dataplane/base/result.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace dialtone::assets {

class FolderWatch {
 public:
  using Clock = std::chrono::steady_clock;

  // An Error when the folder is not there, or the machine's limit of watches is reached. Either may
  // come later too, and is no Error then: a folder that is not there is waited for; one that cannot
  // be watched counts as changed every second.
  static Result<FolderWatch> open(const std::string& folder);

  // Readable when events wait; ask at each poll. Negative while nothing is watched.
  int fd() const noexcept { return tree_ ? tree_->fd() : -1; }

  // Reads what waits on fd(), and looks at the folder itself when that is due.
  void read_events(Clock::time_point now);

  // When read_events() or take() has something to do, though fd() may be silent.
  Clock::time_point due() const noexcept;
  // True once for each settled change.
  bool take(Clock::time_point now) noexcept;
  // The same without waiting for quiet: somebody waits for a file. Another change may follow.
  bool take_unsettled() noexcept { return std::exchange(first_event_, std::nullopt).has_value(); }
  // Something has changed, and take() has not said so yet.
  bool has_news() const noexcept { return first_event_.has_value(); }

 private:
  FolderWatch(std::string folder, WatchTree tree)
      : folder_(std::move(folder)), tree_(std::move(tree)) {}

  void look(Clock::time_point now);
  void note_change(Clock::time_point now) noexcept;
  std::optional<Clock::time_point> settled() const noexcept;

  std::string folder_;
  std::optional<WatchTree> tree_;  // nothing: the folder is not there, or cannot be watched
  bool lost_ = false;              // the tree said so
  Clock::time_point opened_{};     // the tree
  Clock::time_point next_look_{};
  std::optional<Clock::time_point> first_event_;
  Clock::time_point last_event_;
};

}  // namespace dialtone::assets
