// SPDX-License-Identifier: Apache-2.0
//
// TFTP packets as bytes (RFC 1350 section 5, appendix I). Parsing keeps pointers into the packet;
// writing goes to memory that the caller has. Pure functions; hot.
#pragma once

#include "dataplane/base/bytes.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace dialtone::tftp {

// A read request around its name: opcode, NUL, "octet", NUL.
inline constexpr std::size_t kMinRequest = 2 + 1 + 5 + 1;

enum class Opcode : std::uint16_t {
  kReadRequest = 1,
  kWriteRequest = 2,
  kData = 3,
  kAck = 4,
  kError = 5,
  kOptionAck = 6,
};

// What DATA, ACK and ERROR begin with.
struct Header {
  NetU16 opcode;
  NetU16 number;  // block, or error code
};
static_assert(sizeof(Header) == 4 && alignof(Header) == 1);

inline constexpr std::size_t kMinPacket = sizeof(Header);
inline constexpr std::size_t kMaxRequest = 512;  // RFC 2347, "Packet Formats"
inline constexpr std::size_t kMaxErrorText = 63;
inline constexpr std::uint16_t kNotDefined = 0;  // an ERROR's code: its text says what is wrong

enum class RequestFault : std::uint8_t {
  kNone,
  kMalformed,  // no NUL behind the name or the mode, or above kMaxRequest
  kMode,       // neither octet nor netascii
};

struct Request {
  RequestFault fault;
  bool netascii;
  std::string_view name;     // as sent; this and the next are valid with kNone
  std::string_view options;  // what follows the mode: for parse_options()
};

// The fields of an RRQ.
Request parse_request(std::span<const std::byte> packet) noexcept;

constexpr std::size_t error_size(std::string_view text) noexcept {
  return sizeof(Header) + std::min(text.size(), kMaxErrorText) + 1;
}
// Writes an ERROR with `text` cut at kMaxErrorText bytes; returns its length.
std::size_t write_error(std::byte* out, std::uint16_t code, std::string_view text) noexcept;

}  // namespace dialtone::tftp
