// SPDX-License-Identifier: Apache-2.0
#include "tests/support/reply_view.h"

#include "dataplane/wire/ethernet.h"
#include "dataplane/wire/ipv4.h"
#include "dataplane/wire/ipv6.h"
#include "dataplane/wire/udp.h"
#include "tests/support/packet_builder.h"

#include <algorithm>
#include <cstring>

namespace dialtone::test {
namespace {

std::string check_ipv4(std::string_view ip, ReplyView& view) {
  wire::Ipv4Header header;
  std::memcpy(&header, ip.data(), sizeof(header));
  view.source = IpAddress::from_v4(header.source.host());
  view.destination = IpAddress::from_v4(header.destination.host());
  if (header.version_length != 0x45 || header.protocol != wire::kProtocolUdp) {
    return "not a plain IPv4 UDP packet";
  }
  // RFC 6864: what may be cut has an id, what may not needs none.
  const bool may_be_cut = header.fragment.host() == 0 && header.id.host() != 0;
  if (!may_be_cut && (header.id.host() != 0 || header.fragment.host() != wire::kDontFragment)) {
    return "id or DF";
  }
  return plain_sum(ip.substr(0, sizeof(header))) == 0xffff ? "" : "IPv4 checksum";
}

std::string check_ipv6(std::string_view ip, ReplyView& view) {
  wire::Ipv6Header header;
  std::memcpy(&header, ip.data(), sizeof(header));
  view.source = header.source.host();
  view.destination = header.destination.host();
  return header.version_class_flow.host() == 0x60000000 &&
                 header.next_header == wire::kProtocolUdp && header.hop_limit == 64
             ? ""
             : "not a plain IPv6 UDP packet";
}

std::string check_udp(std::string_view udp, std::size_t length, ReplyView& view) {
  wire::UdpHeader header;
  std::memcpy(&header, udp.data(), sizeof(header));
  view.source_port = header.source_port.host();
  view.destination_port = header.destination_port.host();
  if (header.length.host() != length || length < 12) {
    return "lengths";
  }
  if (header.checksum.host() == 0 ||
      plain_sum(udp.substr(0, length), pseudo_words(view.source, view.destination, length)) !=
          0xffff) {
    return "UDP checksum";
  }
  return "";
}

std::uint16_t field_at(std::string_view bytes, std::size_t at) {
  NetU16 field;
  std::memcpy(&field, bytes.data() + at, sizeof(field));
  return field.host();
}

std::string check_frame(std::string_view frame, ReplyView& view) {
  if (frame.size() < wire::kMinFrame) {
    return "shorter than the least frame";
  }
  std::memcpy(&view.destination_mac, frame.data(), 6);
  std::memcpy(&view.source_mac, frame.data() + 6, 6);
  std::size_t at = 12;
  while (field_at(frame, at) == 0x8100 || field_at(frame, at) == 0x88a8) {
    view.tags += frame.substr(at, 4);
    at += 4;
  }
  const std::uint16_t type = field_at(frame, at);
  const std::string_view ip = frame.substr(at + 2);
  const bool v6 = type == wire::kEtherTypeIpv6;
  if (!v6 && type != wire::kEtherTypeIpv4) {
    return "not IP";
  }
  const std::string fault = v6 ? check_ipv6(ip, view) : check_ipv4(ip, view);
  if (!fault.empty()) {
    return fault;
  }
  const std::size_t header = v6 ? 40 : 20;
  const std::size_t length = v6 ? field_at(ip, 4) : field_at(ip, 2) - header;
  const std::size_t end = at + 2 + header + length;
  if (frame.size() != std::max(end, wire::kMinFrame)) {
    return "lengths";
  }
  if (frame.substr(end).find_first_not_of('\0') != std::string_view::npos) {
    return "padding";
  }
  view.packet = std::string(ip.substr(header + 8, length - 8));
  return check_udp(ip.substr(header), length, view);
}

}  // namespace

ReplyView parse_reply(std::string_view frame) {
  ReplyView view;
  view.fault = check_frame(frame, view);
  if (!view.fault.empty()) {
    return view;
  }
  view.opcode = field_at(view.packet, 0);
  view.number = field_at(view.packet, 2);
  view.body = view.packet.substr(4);
  if (view.opcode == 5) {
    if (view.body.empty() || view.body.back() != '\0') {
      view.fault = "ERROR text without its NUL";
    } else {
      view.body.pop_back();
    }
  }
  return view;
}

}  // namespace dialtone::test
