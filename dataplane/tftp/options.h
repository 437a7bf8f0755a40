// SPDX-License-Identifier: Apache-2.0
//
// What a client asks for behind the mode of its request (RFC 2347, 2348, 2349, 7440, and three that
// peers have agreed on without an RFC). Reads strictly: a value that is not a plain decimal number
// within the option's bounds counts as not asked for, and the client gets no answer to it. Pure
// functions; linear in the request's at most 512 bytes; hot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace dialtone::tftp {

enum class Option : std::uint8_t {
  kBlockSize,   // blksize, RFC 2348
  kBlockSize2,  // blksize2: a power of two (tftp-hpa)
  kFileSize,    // tsize, RFC 2349
  kTimeout,     // timeout, RFC 2349: seconds
  kTimeoutUs,   // utimeout: microseconds (tftp-hpa)
  kWindow,      // windowsize, RFC 7440
  kRollover,    // rollover: the number behind 65535 (tftp-hpa)
};
inline constexpr std::size_t kOptionCount = 7;

inline constexpr std::uint32_t kMinBlockSize = 8;      // RFC 2348
inline constexpr std::uint32_t kMaxBlockSize = 65464;  // RFC 2348
inline constexpr std::uint32_t kMinTimeoutUs = 10'000;

// As a request spells it, in lower case.
std::string_view option_name(Option option) noexcept;

// Those that an OACK names, in the order of Option.
class AcceptedOptions {
 public:
  bool has(Option option) const noexcept { return (bits_ & 1u << static_cast<unsigned>(option)); }
  bool any() const noexcept { return bits_ != 0; }
  void add(Option option) noexcept {
    bits_ |= static_cast<std::uint8_t>(1u << static_cast<unsigned>(option));
  }

 private:
  std::uint8_t bits_ = 0;
};

class AskedOptions {
 public:
  bool has(Option option) const noexcept { return (present_ & bit(option)) != 0; }
  bool any() const noexcept { return present_ != 0; }
  std::uint64_t value(Option option) const noexcept {
    return values_[static_cast<std::size_t>(option)];
  }

  void set(Option option, std::uint64_t value) noexcept {
    present_ |= bit(option);
    values_[static_cast<std::size_t>(option)] = value;
  }

 private:
  static constexpr std::uint8_t bit(Option option) noexcept {
    return static_cast<std::uint8_t>(1u << static_cast<unsigned>(option));
  }

  std::uint8_t present_ = 0;
  std::uint64_t values_[kOptionCount] = {};
};

// Reads the part of a request behind the NUL of its mode. False: an option that is known here
// stands there twice (RFC 2347: "An option MUST NOT be specified more than once"); `out` is then
// void.
//
// The rest is forgiven: options that are unknown, and a last one without its value or its NUL, are
// left out; an empty name ends the list, since old phones put a stray NUL behind the mode.
bool parse_options(std::string_view text, AskedOptions& out) noexcept;

}  // namespace dialtone::tftp
