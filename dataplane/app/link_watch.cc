// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/link_watch.h"

#include "dataplane/program/log.h"
#include "dataplane/server/counters.h"

#include <string>
#include <utility>

namespace dialtone::app {

LinkWatch::LinkWatch(const CountersMemory& counters, const io::Port& port)
    : counters_(counters), port_(port) {
  compare();
}

void LinkWatch::look(Clock::time_point now) {
  if (now >= next_) {
    next_ = now + kBetweenLooks;
    compare();
  }
}

void LinkWatch::compare() {
  const bool is_up = port_.link_is_up();
  if (is_up != std::exchange(is_up_, is_up)) {
    log();
  }
  // The workers have no part in it, and nobody else writes this counter of the first one.
  server::CounterBlock(counters_.worker(0)).set(server::Counter::kLinkUp, is_up ? 1 : 0);
}

void LinkWatch::log() const {
  if (is_up_) {
    spdlog::info("the link of {} is up again", port_.driver());
    return;
  }
  const std::string& interface = port_.interface();
  spdlog::warn("the link of {} is down: no client is reached; see to the cable and its other end{}",
               port_.driver(),
               interface.empty() ? "" : ", and to the interface: ip link set " + interface + " up");
}

}  // namespace dialtone::app
