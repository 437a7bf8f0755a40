// SPDX-License-Identifier: Apache-2.0
//
// The scrape endpoint as control keeps it: a port that is taken keeps nobody from being served, and
// is tried again. One thread; the server's own is in metrics/scrape_server.h.
#pragma once

#include "control/metrics/scrape_server.h"

#include <poll.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dialtone::daemon {

class MetricsEndpoint {
 public:
  using Clock = metrics::ScrapeServer::Clock;

  static constexpr std::chrono::seconds kRetry{5};

  // Nothing: there is no endpoint, and all else does nothing.
  explicit MetricsEndpoint(std::optional<metrics::Endpoint> where) : where_(where) {}

  void add_poll_fds(std::vector<pollfd>& fds) const;
  Clock::time_point due() const noexcept;
  // Listens, when it does not yet; answers who waits.
  void step(Clock::time_point now, const metrics::ScrapeServer::Render& render);

  // Why nobody is answered; empty: somebody is, or nobody is to be.
  const std::string& trouble() const noexcept { return trouble_; }

 private:
  std::optional<metrics::Endpoint> where_;
  std::unique_ptr<metrics::ScrapeServer> server_;
  Clock::time_point next_try_;
  std::string trouble_;
};

}  // namespace dialtone::daemon
