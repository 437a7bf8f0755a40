// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/announcer.h"

#include "dataplane/wire/arp.h"
#include "dataplane/wire/neighbour.h"

#include <algorithm>
#include <cstring>

namespace dialtone::server {
namespace {

constexpr std::uint8_t kAnnouncements = 2;
constexpr Micros kProbeWait = 1'000'000;         // RFC 4861 RetransTimer
constexpr Micros kAnnounceInterval = 2'000'000;  // RFC 5227 ANNOUNCE_INTERVAL
constexpr Micros kDefendInterval = 10'000'000;   // RFC 5227 DEFEND_INTERVAL

Peer to_group(const IpAddress& group, std::size_t ours) noexcept {
  Peer peer{wire::multicast_mac(group), {}, {}};
  peer.client.address = group;
  peer.client.network = tftp::network_of(0, 0, static_cast<std::uint8_t>(ours));
  return peer;
}

}  // namespace

Announcer::Announcer(OurAddresses& ours, const HeaderWriter& headers, bool active) noexcept
    : ours_(ours), headers_(headers), active_(active) {
  if (!active) {
    return;
  }
  for (std::size_t i = 0; i < ours.size(); ++i) {
    plans_[i].at = 0;
    plans_[i].announcements = kAnnouncements;
  }
  next_at_ = 0;
}

std::size_t Announcer::count_due(Micros now) noexcept {
  std::size_t count = 0;
  for (std::size_t i = 0; i < ours_.size(); ++i) {
    if (now < plans_[i].at) {
      continue;
    }
    if (ours_.state(i) == AddressState::kDuplicate) {  // another worker has learned it
      plans_[i].at = kNever;
    } else {
      ++count;
    }
  }
  find_next();
  return count;
}

bool Announcer::write(Frame& frame, Micros now) noexcept {
  if (now < next_at_) {
    return false;
  }
  bool wrote = false;
  for (std::size_t i = 0; i < ours_.size() && !wrote; ++i) {
    wrote = now >= plans_[i].at && step(frame, i, now);
  }
  find_next();
  return wrote;
}

// False: there is nothing to say of it any more.
bool Announcer::step(Frame& frame, std::size_t index, Micros now) noexcept {
  Plan& plan = plans_[index];
  if (ours_.state(index) == AddressState::kTentative && !plan.probed) {
    write_probe(frame, index);
    plan.probed = true;
    plan.at = now + kProbeWait;
    return true;
  }
  if (!ours_.take(index)) {
    plan.at = kNever;
    return false;
  }
  write_announcement(frame, index);
  --plan.announcements;
  plan.at = plan.announcements != 0 ? now + kAnnounceInterval : kNever;
  return true;
}

void Announcer::find_next() noexcept {
  next_at_ = kNever;
  for (std::size_t i = 0; i < ours_.size(); ++i) {
    next_at_ = std::min(next_at_, plans_[i].at);
  }
}

void Announcer::write_probe(Frame& frame, std::size_t index) const noexcept {
  const Peer peer = to_group(wire::solicited_node(ours_.at(index)), index);
  auto& ip = *reinterpret_cast<wire::Ipv6Header*>(
      headers_.write_ip(frame, peer, wire::kNextIcmpv6, sizeof(wire::NeighbourMessage)));
  ip.source.set({});  // it is not ours yet
  wire::write_probe(ip, ours_.at(index));
}

void Announcer::write_announcement(Frame& frame, std::size_t index) const noexcept {
  const IpAddress& address = ours_.at(index);
  if (!address.is_v4()) {
    const Peer peer = to_group(wire::kAllNodes, index);
    auto& ip = *reinterpret_cast<wire::Ipv6Header*>(
        headers_.write_ip(frame, peer, wire::kNextIcmpv6, wire::kNeighbourWithMac));
    wire::write_advertisement(ip, address, headers_.mac(), false);
    return;
  }
  const wire::ArpPacket arp = wire::arp_announcement(headers_.mac(), address.v4());
  std::memcpy(
      headers_.write_link(frame, {wire::kBroadcastMac, {}, {}}, wire::kEtherTypeArp, sizeof(arp)),
      &arp, sizeof(arp));
}

bool Announcer::on_conflict(std::size_t index, Micros now) noexcept {
  if (ours_.lose(index)) {
    plans_[index].at = kNever;
    find_next();
    return true;
  }
  Plan& plan = plans_[index];
  if (active_ && ours_.is_usable(index) && now >= plan.defend_from) {
    plan.announcements = std::max<std::uint8_t>(plan.announcements, 1);
    plan.at = now;
    plan.defend_from = now + kDefendInterval;
    find_next();
  }
  return false;
}

}  // namespace dialtone::server
