// SPDX-License-Identifier: Apache-2.0
#include "tests/support/packet_builder.h"

#include <algorithm>
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

std::string ethernet(const wire::MacAddress& destination, const wire::MacAddress& source,
                     std::uint16_t type, const std::string& tags = {}) {
  wire::EthernetHeader header{destination, source, {}};
  return as_string(header).substr(0, 12) + tags + two_bytes(type);
}

std::string ipv6_header(const IpAddress& source, const IpAddress& destination,
                        std::uint8_t next_header, std::size_t payload, std::uint8_t hop_limit) {
  wire::Ipv6Header header{};
  header.version_class_flow.set(0x60000000);
  header.payload_length.set(static_cast<std::uint16_t>(payload));
  header.next_header = next_header;
  header.hop_limit = hop_limit;
  header.source.set(source);
  header.destination.set(destination);
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

std::string address_bytes(const IpAddress& address) {
  if (address.is_v4()) {
    return two_bytes(static_cast<std::uint16_t>(address.v4() >> 16)) +
           two_bytes(static_cast<std::uint16_t>(address.v4()));
  }
  std::string bytes;
  for (const std::uint64_t half : {address.high, address.low}) {
    for (int shift = 48; shift >= 0; shift -= 16) {
      bytes += two_bytes(static_cast<std::uint16_t>(half >> shift));
    }
  }
  return bytes;
}

}  // namespace

std::uint32_t pseudo_words(const IpAddress& source, const IpAddress& destination,
                           std::size_t length, std::uint8_t protocol) {
  const std::string bytes = address_bytes(source) + address_bytes(destination);
  return plain_sum(bytes, protocol + static_cast<std::uint32_t>(length));
}

std::uint16_t plain_sum(std::string_view bytes, std::uint32_t sum) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::uint32_t byte = static_cast<std::uint8_t>(bytes[i]);
    sum += i % 2 == 0 ? byte << 8 : byte;
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return static_cast<std::uint16_t>((sum & 0xffff) + (sum >> 16));
}

Packet& Packet::from(const IpAddress& address, std::uint16_t port) {
  source_ = address;
  source_port_ = port;
  if (!address.is_v4() && destination_ == IpAddress::from_v4(kServerAddress)) {
    destination_ = kServerAddress6;
  }
  return *this;
}
Packet& Packet::tagged(std::uint16_t tag_type, std::uint16_t tag) {
  tags_ += two_bytes(tag_type) + two_bytes(tag);
  return *this;
}
Packet& Packet::extensions(std::uint8_t first, std::string_view headers) {
  first_extension_ = first;
  extensions_ = headers;
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
Packet& Packet::to_address(const IpAddress& address) {
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
  if (!source_.is_v4()) {
    const std::uint8_t next = extensions_.empty() ? protocol_ : first_extension_;
    return padded(ethernet(destination_mac_, source_mac_, wire::kEtherTypeIpv6, tags_) +
                  ipv6_header(source_, destination_, next, extensions_.size() + udp.size(), 63) +
                  extensions_ + udp);
  }
  std::string ip =
      ip_header(source_.v4(), destination_.v4(), protocol_, fragment_, options_, udp.size());
  if (bad_ip_checksum_) {
    ip[10] = static_cast<char>(ip[10] ^ 1);
  }
  return padded(ethernet(destination_mac_, source_mac_, wire::kEtherTypeIpv4, tags_) + ip + udp);
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

std::string icmpv6_frame(const wire::MacAddress& destination_mac, const IpAddress& source,
                         const IpAddress& destination, std::uint8_t hop_limit,
                         std::string message) {
  message.replace(2, 2, 2, '\0');
  const auto sum = static_cast<std::uint16_t>(
      ~plain_sum(message, pseudo_words(source, destination, message.size(), wire::kNextIcmpv6)));
  message.replace(2, 2, two_bytes(sum));
  return padded(ethernet(destination_mac, kPhoneMac, wire::kEtherTypeIpv6) +
                ipv6_header(source, destination, wire::kNextIcmpv6, message.size(), hop_limit) +
                message);
}

}  // namespace dialtone::test
