// SPDX-License-Identifier: Apache-2.0
//
// An IPv6 address, or an IPv4 one as IPv6 maps it (::ffff:a.b.c.d, RFC 4291 2.5.5.2): one value for
// both, which compares and hashes without a question. Values; any thread.
#pragma once

#include <compare>
#include <cstdint>

namespace dialtone {

struct IpAddress {
  std::uint64_t high = 0;  // bytes 0..7, host order
  std::uint64_t low = 0;   // bytes 8..15

  static constexpr IpAddress from_v4(std::uint32_t address) noexcept {
    return {0, kMapped | address};
  }
  constexpr bool is_v4() const noexcept { return high == 0 && low >> 32 == kMapped >> 32; }
  constexpr std::uint32_t v4() const noexcept { return static_cast<std::uint32_t>(low); }

  // ::, the source of who has no address yet.
  constexpr bool is_unspecified() const noexcept { return high == 0 && low == 0; }
  constexpr bool is_multicast_v6() const noexcept { return high >> 56 == 0xff; }
  constexpr bool is_link_local_v6() const noexcept { return high >> 54 == 0xfe80 >> 6; }

  friend constexpr bool operator==(const IpAddress&, const IpAddress&) = default;
  friend constexpr auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  static constexpr std::uint64_t kMapped = 0xffff00000000;
};

// The addresses that have their first `bits` of 128 in common: 10.0.0.0/8 is 104 of them.
struct IpPrefix {
  IpAddress address;  // the first of them: the other bits are 0
  std::uint8_t bits = 0;

  constexpr IpAddress first_of(const IpAddress& any) const noexcept {
    return {any.high & high_mask(), any.low & low_mask()};
  }
  constexpr IpAddress last() const noexcept {
    return {address.high | ~high_mask(), address.low | ~low_mask()};
  }
  constexpr bool holds(const IpAddress& any) const noexcept { return first_of(any) == address; }

  friend constexpr bool operator==(const IpPrefix&, const IpPrefix&) = default;

 private:
  constexpr std::uint64_t high_mask() const noexcept {
    return bits == 0 ? 0 : bits >= 64 ? ~std::uint64_t{0} : ~(~std::uint64_t{0} >> bits);
  }
  constexpr std::uint64_t low_mask() const noexcept {
    return bits <= 64 ? 0 : bits == 128 ? ~std::uint64_t{0} : ~(~std::uint64_t{0} >> (bits - 64));
  }
};

}  // namespace dialtone
