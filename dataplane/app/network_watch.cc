// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/network_watch.h"

#include "dataplane/config/address_text.h"
#include "dataplane/program/log.h"

#include <vector>

namespace dialtone::app {
namespace {

using server::Counter;

constexpr std::chrono::milliseconds kBetweenLooks{250};

}  // namespace

void NetworkWatch::look(Clock::time_point now) {
  if (now < next_) {
    return;
  }
  next_ = now + kBetweenLooks;
  link_.look();
  if (port_.queues() > 1) {
    watch_shares(now);
    if (!expects_handoffs_) {
      watch_handoffs();
    }
  }
  watch_addresses();
  watch_claims(now);
  watch_packet_sizes(now);
  note_losses();
}

std::uint64_t NetworkWatch::sum(Counter counter) const {
  std::uint64_t sum = 0;
  for (std::uint32_t worker = 0; worker < port_.queues(); ++worker) {
    sum += server::CounterBlock(counters_.worker(worker)).value(counter);
  }
  return sum;
}

void NetworkWatch::watch_handoffs() {
  const std::uint64_t share =
      handoffs_.look(sum(Counter::kFramesReceived), sum(Counter::kFramesHandedOff));
  if (share != 0) {
    spdlog::warn(
        "{} % of the frames are handed over to another worker, which costs both of them "
        "time: the port steers by more than addresses",
        share);
  }
}

void NetworkWatch::watch_shares(Clock::time_point now) {
  std::vector<std::uint64_t> received;
  for (std::uint32_t worker = 0; worker < port_.queues(); ++worker) {
    received.push_back(
        server::CounterBlock(counters_.worker(worker)).value(Counter::kFramesReceived));
  }
  if (const auto found = shares_.look(received, now)) {
    spdlog::warn(
        "worker {} gets {} % of the frames: the port does not spread them, or few hosts send them; "
        "the other workers are of no use then (docs/reference.md, \"Several workers\")",
        found->worker, found->percent);
  }
}

// One that is asked for again is lost until it is in use.
void NetworkWatch::watch_addresses() {
  for (std::size_t i = 0; i < addresses_.size(); ++i) {
    const server::AddressState state = addresses_.state(i);
    if (state == server::AddressState::kDuplicate) {
      lost_.set(i);
    } else if (state == server::AddressState::kUsable && lost_.test(i)) {
      lost_.reset(i);
      spdlog::info("the address {} is served again: no other host has it any more",
                   config::ip_text(addresses_.at(i)));
    }
  }
  server::CounterBlock(counters_.worker(0)).set(Counter::kAddressesLost, lost_.count());
}

void NetworkWatch::watch_claims(Clock::time_point now) {
  for (std::size_t i = 0; i < addresses_.size(); ++i) {
    const server::Claim claim = addresses_.claim(i);
    Claims& known = claims_[i];
    known.count += static_cast<std::uint16_t>(claim.number - known.count);
    if (known.watch.look(known.count, now) == 0) {
      continue;
    }
    spdlog::warn("another host, MAC {}, has the address {}: {}; give each an address of its own",
                 config::mac_text(claim.by.bytes), config::ip_text(addresses_.at(i)),
                 lost_.test(i) ? "it is not served, and asked for again within 5 min"
                               : "clients reach one or the other");
  }
}

void NetworkWatch::watch_packet_sizes(Clock::time_point now) {
  const std::uint64_t times = too_big_.look(sum(Counter::kPacketsTooBig), now);
  if (times != 0) {
    spdlog::warn(
        "routers say of {} packet(s) that a link to a client carries less (packets_too_big): its "
        "transfers go on in fragments, over IPv6 they end; set mtu to what the narrowest link "
        "carries",
        times);
  }
}

// Where the driver does not answer, what it said last stands.
void NetworkWatch::note_losses() const {
  const std::optional<io::PortLosses> losses = port_.losses();
  if (!losses) {
    return;
  }
  server::CounterBlock counters(counters_.worker(0));
  counters.set(Counter::kPortMissed, losses->missed);
  counters.set(Counter::kPortBroken, losses->broken);
  counters.set(Counter::kPortNoBuffer, losses->no_buffer);
  counters.set(Counter::kPortNotSent, losses->not_sent);
}

}  // namespace dialtone::app
