// SPDX-License-Identifier: Apache-2.0
//
// The one thread of the dataplane that may block: it takes offers, moves grace periods and
// retirements on, watches the workers and the network, keeps the date of events right, stops and
// starts the service as control orders (service_switch.h), and ends on SIGINT or SIGTERM, as
// stop_order.h says. It never waits for a worker but
// some microseconds behind a publish.
#pragma once

#include "dataplane/app/network_watch.h"
#include "dataplane/app/service_switch.h"
#include "dataplane/app/stop_order.h"
#include "dataplane/app/telemetry.h"
#include "dataplane/app/worker_group.h"
#include "dataplane/app/worker_watch.h"
#include "dataplane/image/offer_server.h"

#include <time.h>

#include <chrono>

namespace dialtone::app {

class Housekeeper {
 public:
  // `signals`: a signalfd; `stop_within`: how long transfers may go on after SIGTERM.
  Housekeeper(image::OfferServer& offers, image::ImageStore& store, WorkerGroup& workers,
              const EventsMemory& events, Telemetry& telemetry, const TickRate& rate, int signals,
              std::chrono::seconds stop_within, NetworkWatch& network)
      : offers_(offers),
        store_(store),
        workers_(workers),
        events_(events),
        telemetry_(telemetry),
        rate_(rate),
        signals_(signals),
        stop_(stop_within),
        switch_(stop_within),
        network_(network),
        watch_(workers.size(), WorkerWatch::Clock::now()) {}

  // Until a signal asks to stop, and until the transfers have ended that it lets go on. The workers
  // still run.
  void run();

 private:
  timespec patience() const;
  void wait();
  void on_signal(int number);
  void log_end(StopOrder::End end) const;
  void look_at_service();
  void tell_service();
  void watch_workers();

  image::OfferServer& offers_;
  image::ImageStore& store_;
  WorkerGroup& workers_;
  const EventsMemory& events_;
  Telemetry& telemetry_;
  TickRate rate_;
  int signals_;
  StopOrder stop_;
  ServiceSwitch switch_;
  NetworkWatch& network_;
  WorkerWatch watch_;
};

}  // namespace dialtone::app
