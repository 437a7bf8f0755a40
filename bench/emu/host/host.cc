// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/host/host.h"

#include "dataplane/wire/arp.h"
#include "dataplane/wire/icmp.h"
#include "dataplane/wire/icmpv6.h"
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

// RFC 4861 4.3 with the sender's MAC as its option.
struct Solicitation {
  wire::Ipv6Header ip{};
  wire::NeighbourMessage message{};
  std::uint8_t option_type = 1;    // source link-layer address
  std::uint8_t option_length = 1;  // times 8 bytes
  wire::MacAddress mac{};
};
static_assert(sizeof(Solicitation) ==
              sizeof(wire::Ipv6Header) + sizeof(wire::NeighbourMessage) + 8);

Solicitation solicitation(const IpAddress& from, const wire::MacAddress& mac,
                          const IpAddress& target) noexcept {
  Solicitation all;
  all.ip.version_class_flow.set(std::uint32_t{6} << 28);
  all.ip.payload_length.set(sizeof(all) - sizeof(all.ip));
  all.ip.next_header = wire::kNextIcmpv6;
  all.ip.hop_limit = wire::kNeighbourHopLimit;
  all.ip.source.set(from);
  all.ip.destination.set(wire::solicited_node(target));
  all.message.type = wire::kNeighbourSolicitation;
  all.message.target.set(target);
  all.mac = mac;
  wire::finish_icmpv6(all.ip.source, all.ip.destination,
                      std::as_writable_bytes(std::span(&all, 1)).subspan(sizeof(all.ip)));
  return all;
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
  if (address.is_v4()) {
    wire::ArpPacket arp = wire::arp_announcement(config_.mac, config_.address.v4());
    arp.target_address.set(address.v4());
    put(wire::kEtherTypeArp, wire::kBroadcastMac, std::as_bytes(std::span(&arp, 1)));
    return;
  }
  const Solicitation all = solicitation(config_.address, config_.mac, address);
  put(wire::kEtherTypeIpv6, wire::multicast_mac(wire::solicited_node(address)),
      std::as_bytes(std::span(&all, 1)));
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

void Host::on_arp(const Received& frame) {
  const wire::ArpPacket* arp = wire::parse_arp(frame.payload);
  if (arp == nullptr || !config_.address.is_v4()) {
    return;
  }
  learn(IpAddress::from_v4(arp->sender_address.host()), arp->sender_mac);
  if (arp->operation.host() == wire::kArpRequest &&
      arp->target_address.host() == config_.address.v4()) {
    wire::ArpPacket reply = *arp;
    wire::make_arp_reply(reply, config_.mac);
    put(wire::kEtherTypeArp, frame.from_mac, std::as_bytes(std::span(&reply, 1)));
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

void Host::on_icmpv6(const Received& frame) {
  const wire::Ipv6Packet ip = wire::parse_ipv6(frame.payload);
  if (ip.fault != wire::Ipv6Fault::kNone || ip.protocol != wire::kNextIcmpv6 ||
      !wire::is_sound_icmpv6(*ip.header, ip.payload)) {
    return;
  }
  const auto type = static_cast<std::uint8_t>(ip.payload[0]);
  if (type == wire::kNeighbourAdvertisement) {
    if (const auto target = wire::advertised_target(*ip.header, ip.payload)) {
      learn(*target, frame.from_mac);
    }
    return;
  }
  const auto target = type == wire::kNeighbourSolicitation
                          ? wire::solicited_target(*ip.header, ip.payload)
                          : std::nullopt;
  if (!target || *target != config_.address) {
    return;
  }
  learn(ip.header->source.host(), frame.from_mac);
  Frame reply(sizeof(wire::Ipv6Header) + wire::kNeighbourWithMac);
  auto* header = reinterpret_cast<wire::Ipv6Header*>(reply.data());
  header->source.set(config_.address);
  header->destination = ip.header->source;
  wire::write_advertisement(*header, config_.address, config_.mac, /*solicited=*/true);
  put(wire::kEtherTypeIpv6, frame.from_mac, reply);
}

bool Host::is_for_us(const Received& frame) const noexcept {
  return frame.vlan == config_.vlan && (frame.to_mac == config_.mac || frame.to_mac.is_group());
}

std::optional<Segment> Host::segment_of(std::span<const std::byte> frame) const {
  const auto received = parse_frame(frame);
  const auto segment = received && is_for_us(*received) ? parse_tcp(*received) : std::nullopt;
  return segment && segment->to == config_.address ? segment : std::nullopt;
}

std::optional<Datagram> Host::on_frame(std::span<const std::byte> frame) {
  const auto received = parse_frame(frame);
  if (!received || !is_for_us(*received)) {
    return std::nullopt;
  }
  if (received->ether_type == wire::kEtherTypeArp) {
    on_arp(*received);
    return std::nullopt;
  }
  const auto datagram = parse_udp(*received);
  if (!datagram) {
    on_icmpv4(*received);
    on_icmpv6(*received);
    return std::nullopt;
  }
  const bool is_ours = datagram->to == config_.address || config_.address.is_unspecified() ||
                       datagram->to == IpAddress::from_v4(0xffffffff);
  return is_ours ? datagram : std::nullopt;
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
