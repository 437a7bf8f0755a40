// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/host/host.h"

#include "dataplane/wire/arp.h"
#include "dataplane/wire/icmp.h"
#include "dataplane/wire/ipv4.h"
#include "dataplane/wire/ipv6.h"
#include "dataplane/wire/neighbour.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace dialtone::emu {
namespace {

constexpr Micros kAskEvery = 1'000'000;
constexpr int kAsk = 3;
constexpr std::size_t kWaiting = 8;  // frames for one neighbour

std::span<std::byte> bytes_of(Host::Frame& frame, std::size_t at) noexcept {
  return std::span(frame).subspan(at);
}

}  // namespace

void Host::configure(const HostConfig& config) {
  config_ = config;
  neighbours_.clear();
}

IpAddress Host::next_hop(const IpAddress& to) const noexcept {
  const bool is_far = !config_.subnet.holds(to) && !to.is_link_local_v6() && !to.is_multicast_v6();
  return is_far && config_.gateway ? *config_.gateway : to;
}

void Host::put(std::uint16_t ether_type, const wire::MacAddress& to,
               std::span<const std::byte> payload) {
  Frame frame(wire::kMaxFrame);
  frame.resize(write_ethernet({.from_mac = config_.mac, .to_mac = to, .vlan = config_.vlan},
                              ether_type, payload, frame));
  outbox.push_back(std::move(frame));
}

void Host::ask(const IpAddress& address, Neighbour& neighbour, Micros now) {
  ++neighbour.asked;
  neighbour.ask_again = now + kAskEvery;
  Frame frame(kNeighbourFrame);
  frame.resize(write_question(
      {.from_mac = config_.mac, .vlan = config_.vlan, .from = config_.address, .to = address},
      frame));
  outbox.push_back(std::move(frame));
}

void Host::announce() {
  if (config_.address.is_v4()) {
    const wire::ArpPacket arp = wire::arp_announcement(config_.mac, config_.address.v4());
    put(wire::kEtherTypeArp, wire::kBroadcastMac, std::as_bytes(std::span(&arp, 1)));
  }
}

void Host::send_frame(const IpAddress& hop, Frame frame, Micros now) {
  if (hop.is_multicast_v6()) {
    const wire::MacAddress group = wire::multicast_mac(hop);
    std::memcpy(frame.data(), &group, sizeof(group));
    outbox.push_back(std::move(frame));
    return;
  }
  Neighbour& neighbour = neighbours_[hop];
  if (neighbour.mac) {
    std::memcpy(frame.data(), &*neighbour.mac, sizeof(*neighbour.mac));
    outbox.push_back(std::move(frame));
    return;
  }
  if (neighbour.waiting.size() < kWaiting) {
    neighbour.waiting.push_back(std::move(frame));
  }
  if (neighbour.asked == 0) {
    ask(hop, neighbour, now);
  }
}

void Host::send(const IpAddress& to, std::uint16_t from_port, std::uint16_t to_port,
                std::span<const std::byte> payload, Micros now) {
  Frame frame(wire::kMaxFrame);
  frame.resize(write_udp({config_.mac, {}, config_.vlan, config_.address, to, from_port, to_port},
                         payload, frame));
  send_frame(next_hop(to), std::move(frame), now);
}

void Host::send_segment(const Segment& segment, Micros now) {
  Frame frame(wire::kMaxFrame);
  frame.resize(write_tcp({.from_mac = config_.mac, .vlan = config_.vlan}, segment, frame));
  send_frame(next_hop(segment.to), std::move(frame), now);
}

void Host::broadcast(std::uint16_t from_port, std::uint16_t to_port,
                     std::span<const std::byte> payload) {
  const IpAddress from = config_.address.is_unspecified() ? IpAddress::from_v4(0) : config_.address;
  Frame frame(wire::kMaxFrame);
  frame.resize(write_udp({config_.mac, wire::kBroadcastMac, config_.vlan, from,
                          IpAddress::from_v4(0xffffffff), from_port, to_port},
                         payload, frame));
  outbox.push_back(std::move(frame));
}

void Host::learn(const IpAddress& address, const wire::MacAddress& mac) {
  const auto found = neighbours_.find(address);
  if (found == neighbours_.end() || mac.is_group()) {
    return;
  }
  Neighbour& neighbour = found->second;
  neighbour.mac = mac;
  neighbour.asked = 0;
  for (Frame& frame : neighbour.waiting) {
    std::memcpy(frame.data(), &mac, sizeof(mac));
    outbox.push_back(std::move(frame));
  }
  neighbour.waiting.clear();
}

void Host::on_neighbour(const Received& frame, const NeighbourTalk& talk) {
  learn(talk.teller, talk.mac);  // announcements are questions too (RFC 5227)
  if (talk.asked == config_.address) {
    Frame reply(kNeighbourFrame);
    reply.resize(write_answer(frame, talk, config_.mac, reply));
    outbox.push_back(std::move(reply));
  }
}

void Host::on_icmpv4(const Received& frame) {
  const wire::Ipv4Packet ip = wire::parse_ipv4(frame.payload);
  if (ip.fault != wire::Ipv4Fault::kNone || ip.header->protocol != wire::kProtocolIcmp ||
      IpAddress::from_v4(ip.header->destination.host()) != config_.address ||
      !wire::is_sound_icmp(ip.payload) || !wire::is_echo_request(ip.payload)) {
    return;
  }
  // Addresses change places, so the header's sum stays.
  Frame reply(frame.payload.data(), ip.payload.data() + ip.payload.size());
  auto* header = reinterpret_cast<wire::Ipv4Header*>(reply.data());
  std::swap(header->source, header->destination);
  wire::make_echo_reply(bytes_of(reply, ip.header->header_length()));
  put(wire::kEtherTypeIpv4, frame.from_mac, reply);
}

bool Host::is_for_us(const Received& frame) const noexcept {
  return frame.vlan == config_.vlan && (frame.to_mac == config_.mac || frame.to_mac.is_group());
}

bool Host::is_ours(const Datagram& datagram) const noexcept {
  return datagram.to == config_.address || config_.address.is_unspecified() ||
         datagram.to == IpAddress::from_v4(0xffffffff);
}

Arrival Host::on_frame(std::span<const std::byte> frame) {
  // One that is longer comes over a link with jumbo frames, and an echo of it has no room.
  const auto received = frame.size() <= wire::kMaxFrame ? parse_frame(frame) : std::nullopt;
  if (!received || !is_for_us(*received)) {
    return {};
  }
  const auto ip = parse_ip(*received);
  if (const auto talk = parse_neighbour(*received, ip)) {
    on_neighbour(*received, *talk);
    return {};
  }
  if (!ip) {
    return {};
  }
  Arrival arrival;
  switch (ip->protocol) {
    case wire::kProtocolUdp:
      arrival.datagram = parse_udp(*ip);
      if (arrival.datagram && !is_ours(*arrival.datagram)) {
        arrival.datagram.reset();
      }
      break;
    case kProtocolTcp:
      if (ip->to == config_.address) {
        arrival.segment = parse_tcp(*ip);
      }
      break;
    case wire::kProtocolIcmp:
      on_icmpv4(*received);
      break;
    default:
      break;
  }
  return arrival;
}

void Host::on_time(Micros now) {
  for (auto& [address, neighbour] : neighbours_) {
    if (neighbour.asked == 0 || now < neighbour.ask_again) {
      continue;
    }
    if (neighbour.asked == kAsk) {
      neighbour.asked = 0;
      neighbour.waiting.clear();
    } else {
      ask(address, neighbour, now);
    }
  }
}

Micros Host::deadline() const noexcept {
  Micros first = std::numeric_limits<Micros>::max();
  for (const auto& [address, neighbour] : neighbours_) {
    if (neighbour.asked != 0) {
      first = std::min(first, neighbour.ask_again);
    }
  }
  return first;
}

}  // namespace dialtone::emu
