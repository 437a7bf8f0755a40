// SPDX-License-Identifier: Apache-2.0
//
// DHCPv6 packets (RFC 8415) as a phone sends and reads them, with the vendor options of enterprise
// 9 (features 65, 66). Pure functions, any thread.
#pragma once

#include "bench/emu/discovery/discovery.h"
#include "dataplane/base/ip_address.h"
#include "dataplane/wire/mac_address.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dialtone::emu {

inline constexpr std::uint16_t kDhcp6ClientPort = 546;
inline constexpr std::uint16_t kDhcp6ServerPort = 547;
inline constexpr IpAddress kDhcp6Servers{0xff02000000000000, 0x10002};  // ff02::1:2

enum class Dhcp6Type : std::uint8_t {
  kSolicit = 1,
  kAdvertise = 2,
  kRequest = 3,
  kReply = 7,
};

struct Dhcp6Request {
  Dhcp6Type type = Dhcp6Type::kSolicit;
  std::uint32_t transaction = 0;   // 24 bits
  wire::MacAddress mac{};          // its identity, too (DUID-LL)
  std::uint32_t milliseconds = 0;  // since it began
  std::string vendor_class{};
  std::string server{};   // kRequest: identity of whom it has chosen
  IpAddress requested{};  // kRequest: the address that was offered
};
std::vector<std::byte> write_dhcp6(const Dhcp6Request& request);

struct Dhcp6Reply {
  Dhcp6Type type = Dhcp6Type::kAdvertise;
  std::uint32_t transaction = 0;
  std::string client{};  // identity
  std::string server{};
  std::optional<IpAddress> address{};  // none: the server has none for it
  std::vector<IpAddress> dns{};
  Offer offer{};  // what it says of TFTP
};
// Nothing: it is no packet of a server, or is broken.
std::optional<Dhcp6Reply> parse_dhcp6(std::span<const std::byte> packet);

// Of a MAC (RFC 8415 11.4).
std::string dhcp6_identity(const wire::MacAddress& mac);

}  // namespace dialtone::emu
