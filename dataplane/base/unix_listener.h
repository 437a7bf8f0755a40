// SPDX-License-Identifier: Apache-2.0
//
// A listening Unix socket and its file: owner only, close-on-exec, non-blocking. Housekeeper and
// control threads only.
#pragma once

#include "dataplane/base/result.h"
#include "dataplane/base/unique_fd.h"
#include "dataplane/base/unix_socket.h"

#include <sys/types.h>

#include <optional>
#include <string>

namespace dialtone {

class UnixListener {
 public:
  // A socket file that nobody listens on any more is replaced; a live one is an Error that names
  // it.
  static Result<UnixListener> open(const std::string& path, SocketType type);

  UnixListener(UnixListener&&) noexcept = default;
  UnixListener& operator=(UnixListener&&) = delete;
  // Takes the file away, unless another process has put its own there meanwhile.
  ~UnixListener();

  int get() const noexcept { return fd_.get(); }

  // Takes one waiting connection (close-on-exec, blocking), or nothing when none waits.
  Result<std::optional<UniqueFd>> accept();

 private:
  UnixListener(UniqueFd fd, std::string path, dev_t device, ino_t inode) noexcept
      : fd_(std::move(fd)), path_(std::move(path)), device_(device), inode_(inode) {}

  UniqueFd fd_;
  std::string path_;
  dev_t device_;
  ino_t inode_;
};

}  // namespace dialtone
