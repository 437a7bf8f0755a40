// SPDX-License-Identifier: Apache-2.0
//
// Whether the log of a SQLite file (its -wal) is still the one that a connection writes to. Who
// removes it takes what was committed to it: SQLite writes on to the file without a name, and the
// next one to open the database sees none of it. One stat() for each look.
#pragma once

#include <sys/types.h>

#include <string>

namespace dialtone::database {

class WalPlace {
 public:
  enum class State {
    kThere,    // or it was not seen yet: SQLite makes it when it first needs it
    kGone,     // removed, or one without content is in its place: all there is of it is ours
    kReplaced  // another one with content: somebody else writes there
  };

  // The first time that `path` is there, it is the connection's.
  State look(const std::string& path) noexcept;

  // The connection has made a new one.
  void forget() noexcept { inode_ = 0; }

 private:
  dev_t device_ = 0;
  ino_t inode_ = 0;  // 0: not seen yet
};

}  // namespace dialtone::database
