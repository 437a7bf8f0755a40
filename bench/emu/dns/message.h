// SPDX-License-Identifier: Apache-2.0
//
// DNS packets (RFC 1035 section 4, RFC 3596) as a device sends and reads them. Pure functions, any
// thread.
#pragma once

#include "dataplane/base/ip_address.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::emu {

inline constexpr std::uint16_t kDnsPort = 53;

enum class DnsType : std::uint16_t { kA = 1, kAaaa = 28 };

// Empty: it is no name that can be asked for (a label of more than 63 bytes, or none; 255 in all).
std::vector<std::byte> write_dns_query(std::uint16_t id, std::string_view name, DnsType type);

struct DnsAnswer {
  std::uint16_t id = 0;
  std::string name{};  // that was asked for, in lower case
  DnsType type = DnsType::kA;
  bool is_final = false;               // the name is known, or there is none of it
  std::vector<IpAddress> addresses{};  // of the type; behind aliases (CNAME) as well
};
// Nothing: it is no answer, or is broken.
std::optional<DnsAnswer> parse_dns_answer(std::span<const std::byte> packet);

}  // namespace dialtone::emu
