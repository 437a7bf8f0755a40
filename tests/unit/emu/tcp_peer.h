// SPDX-License-Identifier: Apache-2.0
//
// The other end of an emulated device's TCP: listens at one address and port, answers ARP for it,
// acknowledges what comes and sends what a test says to it.
#pragma once

#include "bench/emu/host/host.h"
#include "bench/emu/host/segment.h"
#include "dataplane/wire/arp.h"
#include "tests/support/packet_builder.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::test {

class TcpPeer {
 public:
  using Answer = std::function<std::string(std::string_view bytes)>;

  TcpPeer(const IpAddress& address, std::uint16_t port, Answer answer)
      : address_(address), port_(port), answer_(std::move(answer)) {}

  bool refuses = false;
  bool is_silent = false;
  int to_lose = 0;  // frames of the device
  int connections = 0;

  // Frames in answer to one.
  std::vector<std::string> on_frame(const emu::Host::Frame& frame) {
    const auto received = emu::parse_frame(frame);
    if (!received) {
      return {};
    }
    if (const wire::ArpPacket* arp = wire::parse_arp(received->payload)) {
      return arp->target_address.host() == address_.v4() ? arp_reply(*arp)
                                                         : std::vector<std::string>();
    }
    const auto segment = emu::parse_tcp(*received);
    if (!segment || segment->to != address_ || segment->to_port != port_ || is_silent) {
      return {};
    }
    if (to_lose > 0) {
      --to_lose;
      return {};
    }
    return on_segment(*segment);
  }

 private:
  struct Connection {
    std::uint32_t expected = 0;
    std::uint32_t sequence = 7000;
  };

  static std::vector<std::string> arp_reply(const wire::ArpPacket& request) {
    wire::ArpPacket reply = request;
    wire::make_arp_reply(reply, kServerMac);
    const wire::EthernetHeader ethernet{kPhoneMac, kServerMac, {{0x08, 0x06}}};
    std::string frame(reinterpret_cast<const char*>(&ethernet), sizeof(ethernet));
    frame.append(reinterpret_cast<const char*>(&reply), sizeof(reply));
    return {frame};
  }

  std::string put(const emu::Segment& to, std::uint8_t flags, std::uint32_t sequence,
                  std::uint32_t acknowledged, std::string_view payload = {}) const {
    std::string frame(wire::kMaxFrame, '\0');
    const std::size_t length =
        emu::write_tcp({.from_mac = kServerMac, .to_mac = kPhoneMac},
                       {address_, to.from, port_, to.from_port, sequence, acknowledged, flags,
                        std::as_bytes(std::span(payload))},
                       std::as_writable_bytes(std::span(frame)));
    frame.resize(length);
    return frame;
  }

  std::vector<std::string> on_segment(const emu::Segment& segment) {
    if (refuses) {
      return {put(segment, emu::kReset | emu::kAck, 0, segment.sequence + 1)};
    }
    Connection& connection = connections_[segment.from_port];
    if (segment.has(emu::kSyn)) {
      ++connections;
      connection = {.expected = segment.sequence + 1};
      return {put(segment, emu::kSyn | emu::kAck, connection.sequence++, connection.expected)};
    }
    if (segment.payload.empty()) {
      return {};
    }
    if (segment.sequence != connection.expected) {
      return {put(segment, emu::kAck, connection.sequence, connection.expected)};
    }
    connection.expected += static_cast<std::uint32_t>(segment.payload.size());
    const std::string out =
        answer_({reinterpret_cast<const char*>(segment.payload.data()), segment.payload.size()});
    std::vector<std::string> frames{
        put(segment, emu::kAck, connection.sequence, connection.expected)};
    for (std::size_t at = 0; at < out.size(); at += emu::kMaxSegment) {
      const std::string_view part = std::string_view(out).substr(at, emu::kMaxSegment);
      frames.push_back(
          put(segment, emu::kAck | emu::kPush, connection.sequence, connection.expected, part));
      connection.sequence += static_cast<std::uint32_t>(part.size());
    }
    return frames;
  }

  IpAddress address_;
  std::uint16_t port_;
  Answer answer_;
  std::map<std::uint16_t, Connection> connections_;
};

}  // namespace dialtone::test
