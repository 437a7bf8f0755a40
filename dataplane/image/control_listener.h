// SPDX-License-Identifier: Apache-2.0
//
// The socket where controls connect: lets in root and our own user, and turns everybody else away.
// Whoever connects in a loop fills no disk: refusals are logged once a second. Housekeeper only;
// never blocks.
#pragma once

#include "dataplane/base/log_limit.h"
#include "dataplane/base/unique_fd.h"
#include "dataplane/base/unix_listener.h"

#include <sys/types.h>

#include <functional>
#include <string>

namespace dialtone::image {

class ControlListener {
 public:
  using LogRefusal = std::function<void(const std::string&)>;

  static Result<ControlListener> open(const std::string& path, LogRefusal log);

  int get() const noexcept { return listener_.get(); }

  // Hands each process that waits and may connect to `take`, some of them in one call.
  void accept_waiting(const std::function<void(UniqueFd, pid_t)>& take);

  // A refusal for the log, or for the count of those that were left out.
  void refused(const std::string& what);

 private:
  ControlListener(UnixListener listener, LogRefusal log)
      : listener_(std::move(listener)), log_(std::move(log)) {}

  void accept(UniqueFd connection, const std::function<void(UniqueFd, pid_t)>& take);

  UnixListener listener_;
  LogRefusal log_;
  LogLimit limit_;
};

}  // namespace dialtone::image
