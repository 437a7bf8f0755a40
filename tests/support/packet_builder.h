// SPDX-License-Identifier: Apache-2.0
//
// Frames for tests: a client's view, built field by field with right lengths and checksums unless a
// test asks for wrong ones. Knows nothing of the code under test but its wire structs; checksums
// are computed by a plain loop of its own.
//
//   Packet().from(kPhone, 1024).to_port(69).rrq("a.txt").bytes()
#pragma once

#include "dataplane/base/ip_address.h"
#include "dataplane/wire/arp.h"
#include "dataplane/wire/ethernet.h"
#include "dataplane/wire/icmp.h"
#include "dataplane/wire/ipv4.h"
#include "dataplane/wire/ipv6.h"
#include "dataplane/wire/udp.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace dialtone::test {

inline constexpr wire::MacAddress kServerMac{{0x02, 0x44, 0x54, 0, 0, 1}};
inline constexpr wire::MacAddress kPhoneMac{{0x00, 0x11, 0x22, 0x33, 0x44, 0x55}};
inline constexpr std::uint32_t kServerAddress = 0x0a4d0001;            // 10.77.0.1
inline constexpr std::uint32_t kPhoneAddress = 0x0a4d0102;             // 10.77.1.2
inline constexpr IpAddress kServerAddress6{0x20010db800000000, 1};     // 2001:db8::1
inline constexpr IpAddress kPhoneAddress6{0x20010db800000000, 0x102};  // 2001:db8::102

// RFC 1071, word by word.
std::uint16_t plain_sum(std::string_view bytes, std::uint32_t sum = 0);

// The pseudo-header's sum, of IPv4 or IPv6.
std::uint32_t pseudo_words(const IpAddress& source, const IpAddress& destination,
                           std::size_t length, std::uint8_t protocol = wire::kProtocolUdp);

class Packet {
 public:
  Packet& from(const IpAddress& address, std::uint16_t port);  // an IPv6 one makes it IPv6
  Packet& from(std::uint32_t address, std::uint16_t port) {
    return from(IpAddress::from_v4(address), port);
  }
  Packet& from_v6(std::uint16_t port = 49152) { return from(kPhoneAddress6, port); }
  Packet& from_mac(const wire::MacAddress& mac);
  Packet& to_mac(const wire::MacAddress& mac);
  Packet& to_address(const IpAddress& address);
  Packet& to_address(std::uint32_t address) { return to_address(IpAddress::from_v4(address)); }
  Packet& tagged(std::uint16_t tag_type, std::uint16_t tag);  // outermost first
  Packet& to_port(std::uint16_t port);
  Packet& ip_options(std::string_view options);  // a multiple of 4 bytes
  // IPv6: headers between the IPv6 header and UDP, the first of this type.
  Packet& extensions(std::uint8_t first, std::string_view headers);
  Packet& fragment(std::uint16_t field);
  Packet& protocol(std::uint8_t number);
  Packet& bad_ip_checksum();
  Packet& bad_udp_checksum();
  Packet& no_udp_checksum();
  Packet& partial_udp_checksum();
  Packet& udp_length(std::uint16_t length);  // instead of the right one
  Packet& payload(std::string_view bytes);   // of the UDP datagram

  // `options`: names and values with their NULs.
  Packet& rrq(std::string_view name, std::string_view mode = "octet",
              std::string_view options = {});
  Packet& wrq(std::string_view name);
  Packet& ack(std::uint16_t block);
  Packet& error(std::uint16_t code, std::string_view text);
  Packet& opcode(std::uint16_t opcode, std::string_view rest);

  std::string bytes() const;  // at least 60, as a wire carries it

 private:
  std::string udp_bytes() const;

  wire::MacAddress source_mac_ = kPhoneMac;
  wire::MacAddress destination_mac_ = kServerMac;
  IpAddress source_ = IpAddress::from_v4(kPhoneAddress);
  IpAddress destination_ = IpAddress::from_v4(kServerAddress);
  std::string tags_;
  std::uint16_t source_port_ = 49152;
  std::uint16_t destination_port_ = 69;
  std::uint16_t fragment_ = 0;
  std::uint8_t protocol_ = wire::kProtocolUdp;
  std::string options_;
  std::uint8_t first_extension_ = 0;
  std::string extensions_;
  std::string payload_;
  std::uint16_t udp_length_ = 0;  // 0: right
  bool bad_ip_checksum_ = false;
  enum class Sum : std::uint8_t { kRight, kWrong, kNone, kPartial } sum_ = Sum::kRight;
};

// A request for `target`, broadcast.
std::string arp_request(std::uint32_t target, std::uint32_t sender = kPhoneAddress,
                        std::uint16_t operation = wire::kArpRequest);

std::string echo_request(std::string_view data, std::string_view ip_options = {});

// Ethernet and IPv4 around any payload.
std::string ip_frame(std::uint8_t protocol, std::string_view payload,
                     std::string_view options = {});

// An ICMPv6 message between two addresses, its checksum set.
std::string icmpv6_frame(const wire::MacAddress& destination_mac, const IpAddress& source,
                         const IpAddress& destination, std::uint8_t hop_limit, std::string message);

}  // namespace dialtone::test
