// SPDX-License-Identifier: Apache-2.0
//
// DHCP packets (RFC 2131, 2132) as a phone sends and reads them. Pure functions, any thread.
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

inline constexpr std::uint16_t kDhcpServerPort = 67;
inline constexpr std::uint16_t kDhcpClientPort = 68;

enum class DhcpType : std::uint8_t {
  kDiscover = 1,
  kOffer = 2,
  kRequest = 3,
  kAck = 5,
  kNak = 6,
};

// What a client sends: all of it to the whole link, and it wants the answer there as well.
struct DhcpRequest {
  DhcpType type = DhcpType::kDiscover;
  std::uint32_t transaction = 0;
  wire::MacAddress mac{};
  std::uint16_t seconds = 0;   // since it began
  std::string vendor_class{};  // option 60; empty: none
  std::string host_name{};     // option 12
  IpAddress requested{};       // kRequest: the address that was offered
  IpAddress server{};          // kRequest: by whom
};
std::vector<std::byte> write_dhcp(const DhcpRequest& request);

struct DhcpReply {
  DhcpType type = DhcpType::kOffer;
  std::uint32_t transaction = 0;
  wire::MacAddress mac{};
  IpAddress address{};
  std::uint8_t prefix_bits = 32;  // of the subnet mask
  std::optional<IpAddress> router{};
  std::vector<IpAddress> dns{};
  std::uint32_t lease_s = 0;
  Offer offer{};  // what it says of TFTP
};
// Nothing: it is no reply, or is broken. Options in `file` and `sname` (option 52, overload) count
// as those behind them.
std::optional<DhcpReply> parse_dhcp(std::span<const std::byte> packet);

}  // namespace dialtone::emu
