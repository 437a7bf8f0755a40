// SPDX-License-Identifier: Apache-2.0
//
// The inotify watches on a folder and every folder below it, as it is when this is made; folders
// that come later are watched too; names that begin with a dot are not, since no scan sees them.
// One thread; never blocks.
#pragma once

#include "dataplane/base/result.h"
#include "dataplane/base/unique_fd.h"

#include <sys/inotify.h>
#include <sys/stat.h>

#include <string>
#include <unordered_map>

namespace dialtone::assets {

class WatchTree {
 public:
  // An Error when the machine's limit of watches is reached: it says which sysctl to raise. A
  // subfolder that may not be read is left out: the scan names it, and chmod brings it in.
  static Result<WatchTree> open(const std::string& folder);

  int fd() const noexcept { return fd_.get(); }

  struct News {
    bool changed = false;  // something that a scan would see
    bool lost = false;     // not all is watched any more, or the folder is another: open() again
  };
  // Reads what waits on fd().
  News read();

  // False: another folder has taken the place of the one that is watched.
  bool is_of(const struct stat& folder) const noexcept {
    return folder.st_dev == device_ && folder.st_ino == inode_;
  }

 private:
  explicit WatchTree(UniqueFd fd) noexcept : fd_(std::move(fd)) {}

  Result<int> add(const std::string& top);
  void take(const inotify_event& event, News& news);

  UniqueFd fd_;
  int root_ = -1;  // watch descriptor
  dev_t device_ = 0;
  ino_t inode_ = 0;
  std::unordered_map<int, std::string> folders_;  // by watch descriptor
};

}  // namespace dialtone::assets
