// SPDX-License-Identifier: Apache-2.0
#include "control/assets/folder_watch.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace dialtone::assets {
namespace {

using std::chrono::milliseconds;

// A copy of many files is one change; but a folder that is never quiet is looked at all the same.
constexpr milliseconds kQuiet{50};
constexpr milliseconds kPatience{1000};
// No event says that a symlink above the folder was switched, or that it is back.
constexpr milliseconds kLook{1000};

// One that may not be read is as good as none: there is nothing to do but to wait.
bool is_folder(const std::string& path, struct stat& status) noexcept {
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
         ::faccessat(AT_FDCWD, path.c_str(), R_OK | X_OK, AT_EACCESS) == 0;
}

}  // namespace

Result<FolderWatch> FolderWatch::open(const std::string& folder) {
  auto tree = WatchTree::open(folder);
  if (!tree) {
    return tree.error();
  }
  return FolderWatch(folder, *std::move(tree));
}

void FolderWatch::read_events(Clock::time_point now) {
  if (tree_) {
    const WatchTree::News news = tree_->read();
    if (news.changed) {
      note_change(now);
    }
    lost_ |= news.lost;
  }
  // A storm of events that overflows again and again has the tree opened once a second, no more.
  if (now >= next_look_ || (lost_ && now >= opened_ + kLook)) {
    look(now);
  }
}

void FolderWatch::look(Clock::time_point now) {
  next_look_ = now + kLook;
  struct stat status {};
  if (!is_folder(folder_, status)) {
    if (tree_) {
      note_change(now);
    }
    tree_.reset();
    lost_ = false;
    return;
  }
  if (tree_ && !lost_ && tree_->is_of(status)) {
    return;
  }
  tree_.reset();  // first: its watches count for the limit
  if (auto tree = WatchTree::open(folder_)) {
    tree_.emplace(*std::move(tree));
  }
  lost_ = false;
  opened_ = now;
  note_change(now);  // whatever happened while nothing was watched
}

void FolderWatch::note_change(Clock::time_point now) noexcept {
  first_event_ = first_event_.value_or(now);
  last_event_ = now;
}

std::optional<FolderWatch::Clock::time_point> FolderWatch::settled() const noexcept {
  if (!first_event_) {
    return std::nullopt;
  }
  return std::min(last_event_ + kQuiet, *first_event_ + kPatience);
}

FolderWatch::Clock::time_point FolderWatch::due() const noexcept {
  return std::min(next_look_, settled().value_or(next_look_));
}

bool FolderWatch::take(Clock::time_point now) noexcept {
  const auto when = settled();
  if (!when || now < *when) {
    return false;
  }
  first_event_.reset();
  return true;
}

}  // namespace dialtone::assets
