// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/packet_view.h"

#include <algorithm>
#include <cstring>

namespace dialtone::fuzz {
namespace {

constexpr std::uint8_t kUdp = 17;
constexpr std::size_t kEthernet = 14;

std::uint64_t long_at(std::span<const std::byte> bytes, std::size_t at) {
  std::uint64_t value;
  std::memcpy(&value, bytes.data() + at, sizeof(value));
  return __builtin_bswap64(value);
}

void read_ipv4(std::span<const std::byte> frame, PacketView& view) {
  const std::span<const std::byte> ip = frame.subspan(view.ip_at);
  if (ip.size() < 20 || static_cast<std::uint8_t>(ip[0]) >> 4 != 4) {
    return;
  }
  const std::size_t header = (static_cast<std::size_t>(ip[0]) & 15) * 4;
  const std::size_t total = word_at(ip, 2);
  if (header < 20 || total < header || total > ip.size()) {
    return;
  }
  view.is_ip = true;
  view.fragment = (word_at(ip, 6) & 0x3fff) != 0;
  view.may_be_cut = (word_at(ip, 6) & 0x4000) == 0;
  view.protocol = static_cast<std::uint8_t>(ip[9]);
  view.source =
      IpAddress::from_v4(static_cast<std::uint32_t>(word_at(ip, 12)) << 16 | word_at(ip, 14));
  view.destination =
      IpAddress::from_v4(static_cast<std::uint32_t>(word_at(ip, 16)) << 16 | word_at(ip, 18));
  view.payload_at = view.ip_at + header;
  view.end = view.ip_at + total;
}

// Moves behind the extension headers; stops at what it does not know.
void skip_extensions(std::span<const std::byte> frame, PacketView& view) {
  for (int count = 0; count < 16; ++count) {
    const bool is_fragment = view.protocol == 44;
    if (view.protocol != 0 && view.protocol != 43 && view.protocol != 60 && !is_fragment) {
      return;
    }
    const std::size_t left = view.end - view.payload_at;
    if (left < 8) {
      return;
    }
    const std::size_t units = static_cast<std::size_t>(frame[view.payload_at + 1]);
    const std::size_t length = is_fragment ? 8 : (units + 1) * 8;
    if (length > left) {
      return;
    }
    if (is_fragment && (word_at(frame, view.payload_at + 2) & 0xfff9) != 0) {
      view.fragment = true;
    }
    view.protocol = static_cast<std::uint8_t>(frame[view.payload_at]);
    view.payload_at += length;
  }
}

void read_ipv6(std::span<const std::byte> frame, PacketView& view) {
  const std::span<const std::byte> ip = frame.subspan(view.ip_at);
  if (ip.size() < 40 || static_cast<std::uint8_t>(ip[0]) >> 4 != 6) {
    return;
  }
  const std::size_t length = word_at(ip, 4);
  if (length > ip.size() - 40) {
    return;
  }
  view.is_ip = true;
  view.v6 = true;
  view.protocol = static_cast<std::uint8_t>(ip[6]);
  view.source = {long_at(ip, 8), long_at(ip, 16)};
  view.destination = {long_at(ip, 24), long_at(ip, 32)};
  view.payload_at = view.ip_at + 40;
  view.end = view.payload_at + length;
  skip_extensions(frame, view);
}

}  // namespace

std::span<const std::byte> ip_packet(const PacketView& view) {
  const std::size_t headers = view.payload_at + 8 - view.ip_at;
  return {view.packet.data() - headers, view.end - view.ip_at};
}

std::uint16_t word_at(std::span<const std::byte> bytes, std::size_t at) {
  std::uint16_t value;
  std::memcpy(&value, bytes.data() + at, sizeof(value));
  return __builtin_bswap16(value);
}

void put_word(std::span<std::byte> bytes, std::size_t at, std::uint16_t word) {
  const std::uint16_t value = __builtin_bswap16(word);
  std::memcpy(bytes.data() + at, &value, sizeof(value));
}

std::uint64_t words_of(std::span<const std::byte> bytes) {
  std::uint64_t sum = 0;
  std::size_t at = 0;
  for (; at + 1 < bytes.size(); at += 2) {
    sum += word_at(bytes, at);
  }
  if (at < bytes.size()) {
    sum += static_cast<std::uint64_t>(bytes[at]) << 8;
  }
  return sum;
}

std::uint16_t folded(std::uint64_t sum) {
  while (sum >> 16 != 0) {
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return static_cast<std::uint16_t>(sum);
}

std::uint64_t pseudo_words(const PacketView& view, std::size_t length) {
  std::uint64_t sum = length + view.protocol;
  for (const IpAddress& address : {view.source, view.destination}) {
    std::uint64_t low = address.low;
    if (!view.v6) {
      low &= 0xffffffff;
    }
    for (const std::uint64_t half : {address.high, low}) {
      sum += (half >> 48) + (half >> 32 & 0xffff) + (half >> 16 & 0xffff) + (half & 0xffff);
    }
  }
  return sum;
}

PacketView view_of(std::span<const std::byte> frame) {
  PacketView view;
  if (frame.size() < kEthernet) {
    return view;
  }
  std::memcpy(view.to.data(), frame.data(), 6);
  std::memcpy(view.from.data(), frame.data() + 6, 6);
  std::size_t at = 12;
  std::uint16_t type = word_at(frame, at);
  while (view.tags_length < view.tags.size() &&
         (type == 0x8100 || type == 0x88a8 || type == 0x9100) && frame.size() >= at + 6) {
    std::memcpy(view.tags.data() + view.tags_length, frame.data() + at, 4);
    view.tags_length += 4;
    at += 4;
    type = word_at(frame, at);
  }
  view.type = type;
  view.ip_at = at + 2;
  if (type == 0x0800) {
    read_ipv4(frame, view);
  } else if (type == 0x86dd) {
    read_ipv6(frame, view);
  }
  if (!view.is_ip || view.fragment || view.protocol != kUdp || view.end - view.payload_at < 12) {
    return view;
  }
  const std::size_t length = word_at(frame, view.payload_at + 4);
  if (length < 12 || length > view.end - view.payload_at) {
    return view;
  }
  view.is_udp = true;
  view.source_port = word_at(frame, view.payload_at);
  view.destination_port = word_at(frame, view.payload_at + 2);
  view.packet = frame.subspan(view.payload_at + 8, length - 8);
  view.opcode = word_at(view.packet, 0);
  view.number = word_at(view.packet, 2);
  return view;
}

}  // namespace dialtone::fuzz
