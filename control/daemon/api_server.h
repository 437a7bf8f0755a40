// SPDX-License-Identifier: Apache-2.0
//
// The control socket: takes clients (root and our own user), runs one command of each at a time,
// and holds a reply back while its change is being published, or its work goes on. A client that
// does not keep to the protocol is answered with an error and loses its connection; nobody else
// notices. One thread.
#pragma once

#include "control/daemon/commands.h"
#include "control/daemon/service.h"
#include "dataplane/base/log_limit.h"
#include "dataplane/base/unix_listener.h"

#include <poll.h>

#include <chrono>
#include <list>
#include <string>
#include <vector>

namespace dialtone::daemon {

class ApiServer {
 public:
  using Clock = std::chrono::steady_clock;

  static Result<ApiServer> listen(const std::string& path, Service& service);

  void add_poll_fds(std::vector<pollfd>& fds) const;
  Clock::time_point due(Clock::time_point now) const;

  // Takes new clients and commands that wait; answers those whose change has been published.
  void step(Clock::time_point now);

 private:
  struct Client {
    UniqueFd socket;
    pid_t pid = 0;
    std::optional<Answer> held;  // until its publish is decided, and its work done
    Clock::time_point hold_until;
    bool is_given_up = false;  // it went away while its work went on
  };

  ApiServer(UnixListener listener, Service& service)
      : listener_(std::move(listener)), service_(service) {}

  void accept_waiting(Clock::time_point now);
  void accept(UniqueFd socket, Clock::time_point now);
  void turn_away(const UniqueFd& socket, const Error& why, pid_t pid, Clock::time_point now);
  void warn(const std::string& line, Clock::time_point now);
  bool serve(Client& client, Clock::time_point now);  // false: the client is gone, or told to go
  bool answer(Client& client, Answer answer, Clock::time_point now);
  bool finish(Client& client, Clock::time_point now);
  bool release(Client& client, Clock::time_point now);
  static bool refuse(int socket, const Refusal& refusal);

  UnixListener listener_;
  Service& service_;
  LogLimit warnings_;
  std::list<Client> clients_;
};

}  // namespace dialtone::daemon
