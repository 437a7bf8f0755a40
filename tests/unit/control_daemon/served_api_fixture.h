// SPDX-License-Identifier: Apache-2.0
//
// The control socket of a service whose files a dataplane serves: the real OfferServer and
// ImageStore, in the one thread of the test.
#pragma once

#include "tests/unit/control_daemon/api_fixture.h"
#include "tests/unit/control_daemon/status_fixture.h"

#include <chrono>

namespace dialtone::daemon {

class ServedApiFixture : public ApiFixture {
 protected:
  ServedApiFixture()
      : store_(1, image::supported_map_mode()),
        offers_(*image::OfferServer::listen({.path = folder_.file("dataplane.sock"),
                                             .counters_fd = counters_.fd(),
                                             .misses_fd = misses_.fd(),
                                             .events_fd = events_.fd()},
                                            store_, [](Severity, const std::string&) {})) {
    abi::format_counters_page(counters_.bytes(), kCounters, kWorkers);
    abi::format_miss_ring(misses_.bytes(), 1);
    abi::format_events_page(events_.bytes(), abi::kMinEvents, 1);
    service_->step(Clock::now() + std::chrono::seconds(10));  // looks for one again
    settle();
    EXPECT_GE(service_->publisher().generation(), 1u);
  }

  // What has been built is served before a client is heard, and what it has changed before it is
  // answered.
  void step() override {
    settle();
    server_->step(Clock::now());
    settle();
    server_->step(Clock::now());
  }

  void settle() {
    for (int i = 0; i < 5; ++i) {
      offers_.step();
      service_->step(Clock::now());
    }
  }

  SharedMemory counters_{abi::counters_page_size(std::size(kCounters), kWorkers)};
  SharedMemory misses_{abi::miss_ring_size(1)};
  SharedMemory events_{abi::events_page_size(abi::kMinEvents, 1)};
  image::ImageStore store_;
  image::OfferServer offers_;
};

}  // namespace dialtone::daemon
