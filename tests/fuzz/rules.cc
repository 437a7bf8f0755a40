// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/rules.h"

#include "dataplane/wire/ethernet.h"
#include "dataplane/wire/neighbour.h"
#include "tests/fuzz/require.h"
#include "tests/support/packet_builder.h"

#include <algorithm>
#include <cstring>

namespace dialtone::fuzz {
namespace {

constexpr std::uint16_t kArpType = 0x0806;
constexpr std::uint8_t kUdp = 17;
constexpr std::uint8_t kIcmp = 1;
constexpr std::uint8_t kIcmpv6 = 58;
constexpr std::size_t kMaxData = 4 + 1468;
constexpr std::size_t kMaxErrorPacket = 4 + 64;
constexpr std::size_t kMaxOack = 160;
// Of the first answer, whoever asks for how much: he has not shown that he is where he says.
constexpr std::size_t kMaxFirst = 4 + 512;

bool is_ours(const IpAddress& address, const server::OurAddresses& ours) {
  return ours.find(address) != server::OurAddresses::kNone;
}

void check_ipv4_header(std::span<const std::byte> ip) {
  require(static_cast<std::uint8_t>(ip[0]) == 0x45, "an answer has no IP options");
  require((word_at(ip, 4) == 0 && word_at(ip, 6) == 0x4000) || word_at(ip, 6) == 0,
          "an answer is whole; with DF it has no id (RFC 6864)");
  require(static_cast<std::uint8_t>(ip[8]) == 64, "TTL 64");
  require(folded(words_of(ip.first(20))) == 0xffff, "IPv4 header checksum");
}

void check_tftp(const PacketView& view, Ports ports) {
  require(ports == Ports::kOne ? view.source_port == 69 : view.source_port >= 0x8000,
          "TFTP goes out from a transfer port, or from 69 alone");
  switch (view.opcode) {
    case kData:
      require(view.packet.size() <= kMaxData, "no DATA is longer than the link carries");
      break;
    case kOack:
      require(view.packet.size() <= kMaxOack && view.packet.back() == std::byte{0},
              "an OACK is short and ends with a NUL");
      break;
    case kError: {
      const auto text = view.packet.subspan(4);
      require(view.packet.size() <= kMaxErrorPacket && !text.empty() &&
                  std::find(text.begin(), text.end(), std::byte{0}) == text.end() - 1,
              "the text of an ERROR ends with the one NUL");
      break;
    }
    default:
      broken("only DATA, OACK and ERROR go out");
  }
}

void check_ip(std::span<const std::byte> frame, const PacketView& view, Ports ports) {
  require(view.is_ip && !view.fragment, "an answer is whole");
  require(frame.size() == std::max(view.end, wire::kMinFrame), "no byte more than IP says");
  const auto padding = frame.subspan(view.end);
  require(
      std::all_of(padding.begin(), padding.end(), [](std::byte b) { return b == std::byte{0}; }),
      "padding is zeros");
  if (!view.v6) {
    check_ipv4_header(frame.subspan(view.ip_at));
  }
  const auto carried = frame.subspan(view.payload_at, view.end - view.payload_at);
  if (view.protocol == kIcmp && !view.v6) {
    require(folded(words_of(carried)) == 0xffff, "ICMP checksum");
    return;
  }
  require(folded(words_of(carried) + pseudo_words(view, carried.size())) == 0xffff,
          "UDP or ICMPv6 checksum");
  if (view.protocol == kIcmpv6) {
    require(view.v6, "ICMPv6 is of IPv6");
    return;
  }
  require(view.is_udp && view.packet.size() + 8 == carried.size(), "UDP length");
  require(word_at(carried, 6) != 0, "an answer has a UDP checksum");
  check_tftp(view, ports);
}

void check_arp_answer(const PacketView& asked, const PacketView& answer) {
  require(answer.type == kArpType && answer.to == asked.from, "ARP is answered with ARP");
}

void check_port(const PacketView& asked, const PacketView& answer, Ports ports) {
  require(answer.is_udp && answer.destination_port == asked.source_port,
          "an answer goes to the port that asked");
  const bool is_request = asked.opcode == kRrq || asked.opcode == kWrq;
  if (asked.destination_port == 69 && (is_request || ports == Ports::kOfTransfers)) {
    require(is_request, "only a request is answered at port 69");
    require(answer.packet.size() <= kMaxFirst, "the first answer is at most one plain block");
    require(asked.opcode == kRrq || answer.opcode == kError, "a write is refused");
    return;
  }
  require(asked.opcode == kAck, "in a transfer only an ACK is answered");
  require(answer.source_port == asked.destination_port, "an answer comes from the port asked");
  require(answer.opcode == kData ||
              (answer.opcode == kError && answer.number == 5 && ports == Ports::kOfTransfers),
          "an ACK is answered with DATA, or ERROR 5");
}

// To all, that an address is ours (RFC 5227 2.4, RFC 4862 5.4).
bool is_defence(const PacketView& frame) {
  return frame.type == kArpType
             ? std::all_of(frame.to.begin(), frame.to.end(), [](auto byte) { return byte == 0xff; })
             : frame.protocol == kIcmpv6 && frame.destination == wire::kAllNodes;
}

}  // namespace

void check_may_answer(const PacketView& asked, const server::OurAddresses& ours) {
  if (asked.type == kArpType) {
    return;
  }
  require(asked.is_ip && !asked.fragment, "only a whole packet is answered");
  require(!is_ours(asked.source, ours) || asked.protocol == kIcmpv6, "never to ourselves");
  if (asked.protocol != kUdp) {
    require(asked.protocol == (asked.v6 ? kIcmpv6 : kIcmp), "UDP, ICMP, or no answer");
    return;
  }
  require(asked.is_udp, "only sound UDP is answered");
  require((asked.to[0] & 1) == 0 && is_ours(asked.destination, ours),
          "what is not sent to us alone is not answered (RFC 1123 4.2.3.5)");
  require((asked.from[0] & 1) == 0, "never to a group");
  const std::uint16_t port = asked.source_port;
  require(port != 0 && port != 7 && port != 19 && port != 69, "never to a port of a loop");
  require(asked.opcode != kError, "an ERROR is never answered (CVE-2024-2169)");
}

void check_verdict(const PacketView& asked, const server::Frame& frame, server::Verdict verdict,
                   std::uint32_t workers) {
  if (verdict == server::Verdict::kHandOff) {
    require(frame.owner < workers && workers > 1, "a packet is handed to a worker that is there");
  }
  if (verdict == server::Verdict::kReassemble) {
    require(asked.fragment, "only a fragment is joined");
    require(frame.l2_length == asked.ip_at &&
                std::size_t{frame.l2_length} + frame.l3_length <= asked.end,
            "the headers of a fragment lie within it");
  }
}

PacketView check_frame(std::span<const std::byte> frame, std::size_t capacity, Ports ports) {
  require(frame.size() >= wire::kMinFrame && frame.size() <= capacity, "the frame's length");
  const PacketView view = view_of(frame);
  require(std::memcmp(view.from.data(), test::kServerMac.bytes.data(), 6) == 0, "sent by our MAC");
  if (view.type != kArpType) {
    check_ip(frame, view, ports);
  }
  return view;
}

void check_unasked(const PacketView& frame) {
  if (is_defence(frame)) {
    return;
  }
  require(
      frame.is_udp && (frame.opcode == kData || frame.opcode == kOack || frame.opcode == kError),
      "unasked go DATA, OACKs, and ERRORs");
  require(frame.opcode != kError || frame.number != 5, "who gets something unasked is no stranger");
  require((frame.to[0] & 1) == 0, "nothing goes unasked to a group");
}

void check_answer(const PacketView& asked, const PacketView& answer,
                  const server::OurAddresses& ours, Ports ports) {
  require(answer.tags_length == asked.tags_length && answer.tags == asked.tags,
          "an answer carries the tags it was asked with");
  if (asked.type == kArpType) {
    return check_arp_answer(asked, answer);
  }
  require(answer.v6 == asked.v6 && answer.protocol == asked.protocol, "in the protocol asked");
  if (asked.source.is_unspecified()) {
    require(answer.destination == wire::kAllNodes, "who has no address is answered through all");
    return;
  }
  require(answer.to == asked.from, "an answer goes to the MAC that asked");
  require(answer.destination == asked.source, "an answer goes to the address that asked");
  require(answer.source == asked.destination ||
              (asked.destination == wire::solicited_node(answer.source) &&
               is_ours(answer.source, ours)),
          "an answer comes from the address asked");
  if (asked.protocol == kUdp) {
    check_port(asked, answer, ports);
  } else {
    require(answer.end - answer.payload_at <= asked.end - asked.payload_at + 8,
            "an ICMP answer is no longer than its question and a MAC");
  }
}

}  // namespace dialtone::fuzz
