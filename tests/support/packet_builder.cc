// SPDX-License-Identifier: Apache-2.0
#include "tests/support/packet_builder.h"

#include <cstring>

namespace dialtone::test {
namespace {

template <typename Header>
std::string as_string(const Header& header) {
  return {reinterpret_cast<const char*>(&header), sizeof(header)};
}

std::string two_bytes(std::uint16_t value) {
  return {static_cast<char>(value >> 8), static_cast<char>(value)};
}

std::uint32_t pseudo_words(std::uint32_t source, std::uint32_t destination, std::size_t length) {
  return (source >> 16) + (source & 0xffff) + (destination >> 16) + (destination & 0xffff) +
         wire::kProtocolUdp + static_cast<std::uint32_t>(length);
}

std::string ethernet(const wire::MacAddress& destination, const wire::MacAddress& source,
                     std::uint16_t type) {
  wire::EthernetHeader header{destination, source, {}};
  header.ether_type.set(type);
  return as_string(header);
}

std::string padded(std::string frame) {
  if (frame.size() < wire::kMinFrame) {
    frame.resize(wire::kMinFrame, '\x5a');  // padding is not always zeros
  }
  return frame;
}

std::string ip_header(std::uint32_t source, std::uint32_t destination, std::uint8_t protocol,
                      std::uint16_t fragment, std::string_view options, std::size_t payload) {
  wire::Ipv4Header header{};
  header.version_length = static_cast<std::uint8_t>(0x40 | (sizeof(header) + options.size()) / 4);
  header.total_length.set(static_cast<std::uint16_t>(sizeof(header) + options.size() + payload));
  header.id.set(0x1234);
  header.fragment.set(fragment);
  header.time_to_live = 63;
  header.protocol = protocol;
  header.source.set(source);
  header.destination.set(destination);
  const std::string plain = as_string(header) + std::string(options);
  header.checksum.set(static_cast<std::uint16_t>(~plain_sum(plain)));
  return as_string(header) + std::string(options);
}

}  // namespace

std::uint16_t plain_sum(std::string_view bytes, std::uint32_t sum) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::uint32_t byte = static_cast<std::uint8_t>(bytes[i]);
    sum += i % 2 == 0 ? byte << 8 : byte;
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return static_cast<std::uint16_t>((sum & 0xffff) + (sum >> 16));
}

Packet& Packet::from(std::uint32_t address, std::uint16_t port) {
  source_ = address;
  source_port_ = port;
  return *this;
}
Packet& Packet::from_mac(const wire::MacAddress& mac) {
  source_mac_ = mac;
  return *this;
}
Packet& Packet::to_mac(const wire::MacAddress& mac) {
  destination_mac_ = mac;
  return *this;
}
Packet& Packet::to_address(std::uint32_t address) {
  destination_ = address;
  return *this;
}
Packet& Packet::to_port(std::uint16_t port) {
  destination_port_ = port;
  return *this;
}
Packet& Packet::ip_options(std::string_view options) {
  options_ = options;
  return *this;
}
Packet& Packet::fragment(std::uint16_t field) {
  fragment_ = field;
  return *this;
}
Packet& Packet::protocol(std::uint8_t number) {
  protocol_ = number;
  return *this;
}
Packet& Packet::bad_ip_checksum() {
  bad_ip_checksum_ = true;
  return *this;
}
Packet& Packet::bad_udp_checksum() {
  sum_ = Sum::kWrong;
  return *this;
}
Packet& Packet::no_udp_checksum() {
  sum_ = Sum::kNone;
  return *this;
}
Packet& Packet::partial_udp_checksum() {
  sum_ = Sum::kPartial;
  return *this;
}
Packet& Packet::udp_length(std::uint16_t length) {
  udp_length_ = length;
  return *this;
}
Packet& Packet::payload(std::string_view bytes) {
  payload_ = bytes;
  return *this;
}
Packet& Packet::rrq(std::string_view name, std::string_view mode, std::string_view options) {
  payload_ = two_bytes(1) + std::string(name) + '\0' + std::string(mode) + '\0';
  payload_ += options;
  return *this;
}
Packet& Packet::wrq(std::string_view name) {
  payload_ = two_bytes(2) + std::string(name) + '\0' + "octet" + '\0';
  return *this;
}
Packet& Packet::ack(std::uint16_t block) {
  payload_ = two_bytes(4) + two_bytes(block);
  return *this;
}
Packet& Packet::error(std::uint16_t code, std::string_view text) {
  payload_ = two_bytes(5) + two_bytes(code) + std::string(text) + '\0';
  return *this;
}
Packet& Packet::opcode(std::uint16_t opcode, std::string_view rest) {
  payload_ = two_bytes(opcode) + std::string(rest);
  return *this;
}

std::string Packet::udp_bytes() const {
  const std::size_t length =
      udp_length_ != 0 ? udp_length_ : sizeof(wire::UdpHeader) + payload_.size();
  wire::UdpHeader header{};
  header.source_port.set(source_port_);
  header.destination_port.set(destination_port_);
  header.length.set(static_cast<std::uint16_t>(length));
  const std::uint32_t pseudo = pseudo_words(source_, destination_, length);
  std::uint16_t sum = static_cast<std::uint16_t>(~plain_sum(as_string(header) + payload_, pseudo));
  if (sum == 0) {
    sum = 0xffff;
  }
  switch (sum_) {
    case Sum::kRight:
      break;
    case Sum::kWrong:
      sum = static_cast<std::uint16_t>(sum ^ 0x0101);
      break;
    case Sum::kNone:
      sum = 0;
      break;
    case Sum::kPartial:
      sum = plain_sum({}, (pseudo & 0xffff) + (pseudo >> 16));
      break;
  }
  header.checksum.set(sum);
  return as_string(header) + payload_;
}

std::string Packet::bytes() const {
  const std::string udp = udp_bytes();
  std::string ip = ip_header(source_, destination_, protocol_, fragment_, options_, udp.size());
  if (bad_ip_checksum_) {
    ip[10] = static_cast<char>(ip[10] ^ 1);
  }
  return padded(ethernet(destination_mac_, source_mac_, wire::kEtherTypeIpv4) + ip + udp);
}

std::string arp_request(std::uint32_t target, std::uint32_t sender, std::uint16_t operation) {
  wire::ArpPacket arp{};
  arp.hardware_type.set(1);
  arp.protocol_type.set(wire::kEtherTypeIpv4);
  arp.hardware_length = 6;
  arp.protocol_length = 4;
  arp.operation.set(operation);
  arp.sender_mac = kPhoneMac;
  arp.sender_address.set(sender);
  arp.target_address.set(target);
  return padded(ethernet(wire::kBroadcastMac, kPhoneMac, wire::kEtherTypeArp) + as_string(arp));
}

std::string ip_frame(std::uint8_t protocol, std::string_view payload, std::string_view options) {
  return padded(ethernet(kServerMac, kPhoneMac, wire::kEtherTypeIpv4) +
                ip_header(kPhoneAddress, kServerAddress, protocol, 0, options, payload.size()) +
                std::string(payload));
}

std::string echo_request(std::string_view data, std::string_view ip_options) {
  wire::IcmpHeader icmp{};
  icmp.type = wire::kIcmpEchoRequest;
  icmp.id.set(7);
  icmp.sequence.set(9);
  icmp.checksum.set(static_cast<std::uint16_t>(~plain_sum(as_string(icmp) + std::string(data))));
  return ip_frame(wire::kProtocolIcmp, as_string(icmp) + std::string(data), ip_options);
}

ReplyView parse_reply(std::string_view frame) {
  ReplyView view;
  if (frame.size() < wire::kMinFrame) {
    view.fault = "shorter than the least frame";
    return view;
  }
  wire::EthernetHeader ethernet_header;
  wire::Ipv4Header ip;
  wire::UdpHeader udp;
  std::memcpy(&ethernet_header, frame.data(), sizeof(ethernet_header));
  std::memcpy(&ip, frame.data() + 14, sizeof(ip));
  std::memcpy(&udp, frame.data() + 34, sizeof(udp));
  view.source_mac = ethernet_header.source;
  view.destination_mac = ethernet_header.destination;
  view.source = ip.source.host();
  view.destination = ip.destination.host();
  view.source_port = udp.source_port.host();
  view.destination_port = udp.destination_port.host();
  const std::size_t total = ip.total_length.host();
  const std::size_t udp_length = udp.length.host();
  if (ethernet_header.ether_type.host() != wire::kEtherTypeIpv4 || ip.version_length != 0x45 ||
      ip.protocol != wire::kProtocolUdp) {
    view.fault = "not a plain IPv4 UDP frame";
  } else if (ip.id.host() != 0 || ip.fragment.host() != wire::kDontFragment) {
    view.fault = "id or DF";
  } else if (plain_sum(frame.substr(14, 20)) != 0xffff) {
    view.fault = "IPv4 checksum";
  } else if (udp_length + 20 != total || udp_length < 12 ||
             frame.size() != (total + 14 < wire::kMinFrame ? wire::kMinFrame : total + 14)) {
    view.fault = "lengths";
  } else if (udp.checksum.host() == 0 ||
             plain_sum(frame.substr(34, udp_length),
                       pseudo_words(view.source, view.destination, udp_length)) != 0xffff) {
    view.fault = "UDP checksum";
  } else if (frame.substr(14 + total).find_first_not_of('\0') != std::string_view::npos) {
    view.fault = "padding";
  }
  if (!view.fault.empty()) {
    return view;
  }
  NetU16 field;
  std::memcpy(&field, frame.data() + 42, 2);
  view.opcode = field.host();
  std::memcpy(&field, frame.data() + 44, 2);
  view.number = field.host();
  view.packet = std::string(frame.substr(42, udp_length - 8));
  view.body = std::string(frame.substr(46, udp_length - 12));
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
