// SPDX-License-Identifier: Apache-2.0
//
// When each connection of a server must have come to the end of its request: who sends or reads a
// byte now and then is never silent, and would keep its place for ever. A connection that is over
// its time is shut down, and its server finds it closed. It is known by its socket, which stays
// open until end(). Any thread; no errors.
#pragma once

#include "dataplane/base/unique_fd.h"

#include <chrono>
#include <mutex>
#include <vector>

namespace dialtone::metrics {

class RequestDeadlines {
 public:
  using Clock = std::chrono::steady_clock;

  explicit RequestDeadlines(Clock::duration within);
  RequestDeadlines(const RequestDeadlines&) = delete;
  RequestDeadlines& operator=(const RequestDeadlines&) = delete;

  // A connection is there; or a request on it has ended, and the next one may come.
  void begin(int socket, Clock::time_point now);
  // It is about to be closed.
  void end(int socket);

  // Shuts those down that are over their time.
  void enforce(Clock::time_point now);

  // Readable from the moment on at which enforce() has something to do, until it has done it.
  int fd() const noexcept { return timer_.get(); }
  bool valid() const noexcept { return timer_.valid(); }

 private:
  struct Open {
    int socket;
    Clock::time_point until;
  };

  void set_timer();  // under the lock

  const Clock::duration within_;
  UniqueFd timer_;
  std::mutex mutex_;
  std::vector<Open> open_;  // all have the same time, so the first one's is over first
};

}  // namespace dialtone::metrics
