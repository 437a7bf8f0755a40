// SPDX-License-Identifier: Apache-2.0
//
// The HTTP endpoint that a scraper reads: GET /metrics, and nothing else. A thread of libmicrohttpd
// has all of its connections; the numbers are the owner's, who is asked by a descriptor, and a
// request waits without a thread until they come. So a client that is slow, floods or never ends
// costs a place among kMostConnections, for kRequestTime at most, and of the owner one rendering in
// kBetween.
//
// Everything but the callbacks is for the owner's thread. Plain HTTP without a login: it is for
// loopback, or for a network whose hosts may know the numbers.
#pragma once

#include "control/metrics/exposition.h"
#include "dataplane/base/ip_address.h"
#include "dataplane/base/result.h"

#include <poll.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace dialtone::metrics {

struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;  // 0: one that is free
};

class ScrapeServer {
 public:
  using Clock = std::chrono::steady_clock;
  using Render = std::function<std::string(Format)>;

  static constexpr unsigned kMostConnections = 32;
  static constexpr unsigned kMostOfAnAddress = 8;
  static constexpr unsigned kIdleSeconds = 10;
  // From one answer to the end of the next, without what the owner takes for it.
  static constexpr std::chrono::seconds kRequestTime{20};
  static constexpr std::chrono::milliseconds kBetween{50};

  // An Error says why nobody can be answered there.
  static Result<std::unique_ptr<ScrapeServer>> listen(
      const Endpoint& endpoint, std::chrono::milliseconds request_time = kRequestTime);
  // Requests that wait are answered with 503.
  ~ScrapeServer();
  ScrapeServer(const ScrapeServer&) = delete;
  ScrapeServer& operator=(const ScrapeServer&) = delete;

  std::uint16_t port() const noexcept;

  // Readable when somebody asks, or takes too long.
  void add_poll_fds(std::vector<pollfd>& fds) const;
  // When those are to be answered who wait; the end of time: nobody does.
  Clock::time_point due() const noexcept { return due_; }
  // Answers them, when it is time, with the state of now. Ends who takes too long.
  void step(Clock::time_point now, const Render& render);

 private:
  class Http;
  explicit ScrapeServer(std::unique_ptr<Http> http);

  std::unique_ptr<Http> http_;
  Clock::time_point due_ = Clock::time_point::max();
  Clock::time_point rested_;  // the next rendering is not before
};

}  // namespace dialtone::metrics
