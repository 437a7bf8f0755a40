// SPDX-License-Identifier: Apache-2.0
//
// Tells when somebody writes to the log of a SQLite file (its -wal), by inotify: a hint to look at
// data_version now and not in a while. The log is written before a transaction can be seen, by as
// long as the disk takes, so a hint calls for several looks. Where the kernel does not tell, as on
// network file systems, no hint comes. The thread of the connection; never blocks.
#pragma once

#include "dataplane/base/unique_fd.h"

#include <string>

namespace dialtone::database {

class WalWatch {
 public:
  // Watches `path` unless it is watched already. Where that cannot be done, the next call tries it.
  void begin(const std::string& path);

  // To be polled for reading; -1: nothing is watched.
  int fd() const noexcept { return is_watching_ ? fd_.get() : -1; }

  // Whether somebody has written since the call before.
  bool take() noexcept;

 private:
  UniqueFd fd_;
  bool is_watching_ = false;
};

}  // namespace dialtone::database
