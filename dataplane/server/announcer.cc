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

Peer to_group(const IpAddress& group, std::size_t ours) noexcept {
  Peer peer{wire::multicast_mac(group), {}, {}};
  peer.client.address = group;
  peer.client.network = tftp::network_of(0, 0, static_cast<std::uint8_t>(ours));
  return peer;
}

}  // namespace

Announcer::Announcer(OurAddresses& ours, const HeaderWriter& headers, bool active,
                     std::uint64_t seed) noexcept
    : ours_(ours), headers_(headers), spread_(mix64(8, seed) % 1024) {
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
    count += now >= plans_[i].at && take_due(i, now);
  }
  find_next();
  return count;
}

// False: it is lost, as this or another worker has learned since it was asked for.
bool Announcer::take_due(std::size_t index, Micros now) noexcept {
  Plan& plan = plans_[index];
  if (ours_.state(index) != AddressState::kDuplicate) {
    return true;
  }
  if (!plan.probed) {
    ours_.ask_again(index);
    return true;
  }
  plan.probed = false;
  plan.at = now + plan.wait + plan.wait * spread_ / 4096;
  plan.wait = std::min(plan.wait * 2, kLongestWait);
  return false;
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

// False: it is lost since it was counted, and count_due() will see it.
bool Announcer::step(Frame& frame, std::size_t index, Micros now) noexcept {
  Plan& plan = plans_[index];
  if (ours_.state(index) == AddressState::kTentative && !plan.probed) {
    write_probe(frame, index);
    plan.probed = true;
    plan.at = now + kProbeWait;
    return true;
  }
  if (!ours_.take(index)) {
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

void Announcer::on_conflict(std::size_t index, Micros now) noexcept {
  if (ours_.lose(index) || !ours_.is_usable(index) || !ours_.may_defend(index, now)) {
    return;
  }
  Plan& plan = plans_[index];
  plan.announcements = std::max<std::uint8_t>(plan.announcements, 1);
  plan.at = now;
  find_next();
}

}  // namespace dialtone::server
