// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/metrics_endpoint.h"

#include "control/daemon/metrics_options.h"
#include "dataplane/program/log.h"

namespace dialtone::daemon {

void MetricsEndpoint::add_poll_fds(std::vector<pollfd>& fds) const {
  if (server_ != nullptr) {
    server_->add_poll_fds(fds);
  }
}

MetricsEndpoint::Clock::time_point MetricsEndpoint::due() const noexcept {
  if (!where_) {
    return Clock::time_point::max();
  }
  return server_ != nullptr ? server_->due() : next_try_;
}

void MetricsEndpoint::step(Clock::time_point now, const metrics::ScrapeServer::Render& render) {
  if (server_ != nullptr) {
    server_->step(now, render);
    return;
  }
  if (!where_ || now < next_try_) {
    return;
  }
  next_try_ = now + kRetry;
  auto server = metrics::ScrapeServer::listen(*where_);
  if (!server) {
    std::string why = "no metrics at " + url_of(*where_) + ": " + server.error().text +
                      "; free the port, or choose another one in 'metrics' of [control]";
    if (why != trouble_) {
      spdlog::warn("{}", why);
      trouble_ = std::move(why);
    }
    return;
  }
  server_ = *std::move(server);
  trouble_.clear();
  spdlog::info("metrics at {}", url_of(*where_));
}

}  // namespace dialtone::daemon
