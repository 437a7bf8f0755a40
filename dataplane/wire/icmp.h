// SPDX-License-Identifier: Apache-2.0
//
// ICMP echo (RFC 792): recognise a request and turn it into its reply in place.
#pragma once

#include "dataplane/base/bytes.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace dialtone::wire {

inline constexpr std::uint8_t kIcmpEchoReply = 0;
inline constexpr std::uint8_t kIcmpEchoRequest = 8;

struct IcmpHeader {
  std::uint8_t type;
  std::uint8_t code;
  NetU16 checksum;
  NetU16 id;
  NetU16 sequence;
};
static_assert(sizeof(IcmpHeader) == 8 && alignof(IcmpHeader) == 1);

// Long enough for a header, and with a right checksum. `message` is the payload of the IPv4 packet.
bool is_sound_icmp(std::span<const std::byte> message) noexcept;

// Of a sound message.
bool is_echo_request(std::span<const std::byte> message) noexcept;

// Sets type and checksum; identifier, sequence and data stay (RFC 1122 3.2.2.6).
void make_echo_reply(std::span<std::byte> message) noexcept;

}  // namespace dialtone::wire
