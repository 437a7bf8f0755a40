// SPDX-License-Identifier: Apache-2.0
//
// The one thread of the dataplane that may block: it takes offers, moves grace periods and
// retirements on, watches that the worker moves, and ends on SIGINT or SIGTERM. It never waits for
// a worker.
#pragma once

#include "dataplane/app/worker.h"
#include "dataplane/image/offer_server.h"

#include <chrono>
#include <cstdint>

namespace dialtone::app {

class Housekeeper {
 public:
  Housekeeper(image::OfferServer& offers, image::ImageStore& store, const Worker& worker,
              int signals)
      : offers_(offers), store_(store), worker_(worker), signals_(signals) {}

  // Until a signal asks to stop.
  void run();

 private:
  using Clock = std::chrono::steady_clock;

  bool wait();  // false: a signal asks to stop
  void watch_worker();

  image::OfferServer& offers_;
  image::ImageStore& store_;
  const Worker& worker_;
  int signals_;
  std::uint64_t last_beat_ = 0;
  Clock::time_point last_moved_ = Clock::now();
  bool stuck_ = false;
};

}  // namespace dialtone::app
