// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/fix_up.h"

#include "tests/fuzz/packet_view.h"

namespace dialtone::fuzz {
namespace {

constexpr std::uint8_t kIcmp = 1;
constexpr std::uint8_t kUdp = 17;
constexpr std::uint8_t kIcmpv6 = 58;

void set_sum(std::span<std::byte> bytes, std::size_t at, std::uint64_t pseudo, bool never_zero) {
  put_word(bytes, at, 0);
  const auto sum = static_cast<std::uint16_t>(~folded(words_of(bytes) + pseudo));
  put_word(bytes, at, sum == 0 && never_zero ? std::uint16_t{0xffff} : sum);
}

void fix_ip_header(std::span<std::byte> frame, std::size_t at, std::uint16_t type) {
  const std::span<std::byte> ip = frame.subspan(at);
  if (type == 0x0800 && ip.size() >= 20) {
    if (std::size_t header = (static_cast<std::size_t>(ip[0]) & 15) * 4;
        header < 20 || header > ip.size()) {
      ip[0] = std::byte{0x45};
    }
    ip[0] = (ip[0] & std::byte{0x0f}) | std::byte{0x40};
    const std::size_t header = (static_cast<std::size_t>(ip[0]) & 15) * 4;
    put_word(ip, 2, static_cast<std::uint16_t>(ip.size()));
    set_sum(ip.first(header), 10, 0, false);
  } else if (type == 0x86dd && ip.size() >= 40) {
    ip[0] = (ip[0] & std::byte{0x0f}) | std::byte{0x60};
    put_word(ip, 4, static_cast<std::uint16_t>(ip.size() - 40));
  }
}

}  // namespace

void fix_up(std::span<std::byte> frame) {
  PacketView view = view_of(frame);
  fix_ip_header(frame, view.ip_at, view.type);
  view = view_of(frame);
  if (!view.is_ip || view.fragment) {
    return;
  }
  const std::span<std::byte> carried = frame.subspan(view.payload_at, view.end - view.payload_at);
  if (view.protocol == kUdp && carried.size() >= 8) {
    put_word(carried, 4, static_cast<std::uint16_t>(carried.size()));
    set_sum(carried, 6, pseudo_words(view, carried.size()), true);
  } else if (!view.v6 && view.protocol == kIcmp && carried.size() >= 4) {
    set_sum(carried, 2, 0, false);
  } else if (view.v6 && view.protocol == kIcmpv6 && carried.size() >= 4) {
    set_sum(carried, 2, pseudo_words(view, carried.size()), false);
  }
}

}  // namespace dialtone::fuzz
