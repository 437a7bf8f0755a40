// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/link_watch.h"

#include "dataplane/program/log.h"
#include "dataplane/server/counters.h"

#include <string>
#include <utility>

namespace dialtone::app {

LinkWatch::LinkWatch(const CountersMemory& counters, const io::Port& port, std::uint32_t mtu)
    : counters_(counters), port_(port), mtu_(mtu), carried_(port.mtu().value_or(mtu)) {
  look();
}

void LinkWatch::look() {
  watch_state();
  watch_mtu();
}

void LinkWatch::watch_state() {
  const bool is_up = port_.link_is_up();
  if (is_up != std::exchange(is_up_, is_up)) {
    log_state();
  }
  // The workers have no part in it, and nobody else writes this counter of the first one.
  server::CounterBlock(counters_.worker(0)).set(server::Counter::kLinkUp, is_up ? 1 : 0);
}

// Blocks are made for what it was at the start.
void LinkWatch::watch_mtu() {
  const std::uint32_t carried = port_.mtu().value_or(carried_);
  if (carried == std::exchange(carried_, carried)) {
    return;
  }
  if (carried < mtu_) {
    spdlog::warn(
        "{} carries packets of {} bytes now, and clients get packets of {}: large blocks are lost; "
        "set it back (ip link set {} mtu {}), or restart dialtone-dataplane",
        port_.driver(), carried, mtu_, port_.interface(), mtu_);
  } else {
    spdlog::info("{} carries packets of {} bytes now; clients get packets of {}", port_.driver(),
                 carried, mtu_);
  }
}

void LinkWatch::log_state() const {
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
