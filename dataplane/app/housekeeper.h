// SPDX-License-Identifier: Apache-2.0
//
// The one thread of the dataplane that may block: it takes offers, moves grace periods and
// retirements on, watches the workers and the network, keeps the date of events right, and ends on
// SIGINT or SIGTERM. It never waits for a worker.
#pragma once

#include "dataplane/app/link_watch.h"
#include "dataplane/app/network_watch.h"
#include "dataplane/app/telemetry.h"
#include "dataplane/app/worker_group.h"
#include "dataplane/app/worker_watch.h"
#include "dataplane/image/offer_server.h"

namespace dialtone::app {

class Housekeeper {
 public:
  Housekeeper(image::OfferServer& offers, image::ImageStore& store, const WorkerGroup& workers,
              const EventsMemory& events, Telemetry& telemetry, const TickRate& rate, int signals,
              NetworkWatch& network, LinkWatch& link)
      : offers_(offers),
        store_(store),
        workers_(workers),
        events_(events),
        telemetry_(telemetry),
        rate_(rate),
        signals_(signals),
        network_(network),
        link_(link),
        watch_(workers.size(), WorkerWatch::Clock::now()) {}

  // Until a signal asks to stop.
  void run();

 private:
  bool wait();  // false: a signal asks to stop
  void watch_workers();

  image::OfferServer& offers_;
  image::ImageStore& store_;
  const WorkerGroup& workers_;
  const EventsMemory& events_;
  Telemetry& telemetry_;
  TickRate rate_;
  int signals_;
  NetworkWatch& network_;
  LinkWatch& link_;
  WorkerWatch watch_;
};

}  // namespace dialtone::app
