// SPDX-License-Identifier: Apache-2.0
#include "control/database/sqlite/wal_place.h"

#include <sys/stat.h>

namespace dialtone::database {

WalPlace::State WalPlace::look(const std::string& path) noexcept {
  struct stat status {};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (inode_ == 0) {
    device_ = exists ? status.st_dev : 0;
    inode_ = exists ? status.st_ino : 0;
    return State::kThere;
  }
  if (exists && status.st_dev == device_ && status.st_ino == inode_) {
    return State::kThere;
  }
  return exists && status.st_size != 0 ? State::kReplaced : State::kGone;
}

}  // namespace dialtone::database
