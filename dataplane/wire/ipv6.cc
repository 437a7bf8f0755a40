// SPDX-License-Identifier: Apache-2.0
#include "dataplane/wire/ipv6.h"

#include "dataplane/wire/checksum.h"

namespace dialtone::wire {
namespace {

constexpr int kMaxExtensions = 8;

struct ExtensionHeader {
  std::uint8_t next_header;
  std::uint8_t length;  // in units of 8 bytes, the first not counted
  std::uint8_t routing_type;
  std::uint8_t segments_left;
};

// True when each option may be skipped by who does not know it: the two highest bits of its type
// are 0.
bool may_skip(std::span<const std::byte> options) noexcept {
  constexpr std::byte kPad1{0};
  while (!options.empty()) {
    if (options[0] == kPad1) {
      options = options.subspan(1);
      continue;
    }
    if (options.size() < 2 || (options[0] & std::byte{0xc0}) != std::byte{0}) {
      return false;
    }
    const std::size_t length = 2 + static_cast<std::size_t>(options[1]);
    if (length > options.size()) {
      return false;
    }
    options = options.subspan(length);
  }
  return true;
}

// Moves behind the extension header that `packet.protocol` names, or sets a fault.
void skip_extension(Ipv6Packet& packet) noexcept {
  if (packet.payload.size() < sizeof(FragmentHeader)) {
    packet.fault = Ipv6Fault::kMalformed;
    return;
  }
  const auto* header = reinterpret_cast<const ExtensionHeader*>(packet.payload.data());
  const std::size_t length = (std::size_t{header->length} + 1) * 8;
  if (length > packet.payload.size()) {
    packet.fault = Ipv6Fault::kMalformed;
    return;
  }
  const bool harmless = packet.protocol == kNextRouting
                            ? header->segments_left == 0
                            : may_skip(packet.payload.first(length).subspan(2));
  if (!harmless) {
    packet.fault = Ipv6Fault::kExtension;
    return;
  }
  packet.protocol = header->next_header;
  packet.payload = packet.payload.subspan(length);
}

void skip_fragment_header(Ipv6Packet& packet) noexcept {
  if (packet.payload.size() < sizeof(FragmentHeader)) {
    packet.fault = Ipv6Fault::kMalformed;
    return;
  }
  const auto* header = reinterpret_cast<const FragmentHeader*>(packet.payload.data());
  constexpr std::uint16_t kOffsetOrMore = 0xfff9;
  if ((header->offset_more.host() & kOffsetOrMore) != 0) {
    packet.fault = Ipv6Fault::kFragment;
    return;
  }
  packet.protocol = header->next_header;
  packet.payload = packet.payload.subspan(sizeof(FragmentHeader));
}

constexpr bool is_skippable(std::uint8_t protocol) noexcept {
  return protocol == kNextHopByHop || protocol == kNextRouting || protocol == kNextDestination;
}

}  // namespace

Ipv6Packet parse_ipv6(std::span<const std::byte> bytes) noexcept {
  Ipv6Packet packet{Ipv6Fault::kMalformed, nullptr, 0, false, {}};
  if (bytes.size() < sizeof(Ipv6Header)) {
    return packet;
  }
  const auto* header = reinterpret_cast<const Ipv6Header*>(bytes.data());
  const std::size_t length = header->payload_length.host();
  if (header->version_class_flow.host() >> 28 != 6 || length > bytes.size() - sizeof(Ipv6Header)) {
    return packet;
  }
  packet.fault = Ipv6Fault::kNone;
  packet.header = header;
  packet.protocol = header->next_header;
  packet.payload = bytes.subspan(sizeof(Ipv6Header), length);
  packet.fragment_is_first_header = header->next_header == kNextFragment;
  for (int count = 0; packet.fault == Ipv6Fault::kNone; ++count) {
    if (packet.protocol == kNextFragment) {
      skip_fragment_header(packet);
    } else if (!is_skippable(packet.protocol)) {
      return packet;
    } else {
      skip_extension(packet);
    }
    if (count == kMaxExtensions) {
      packet.fault = Ipv6Fault::kExtension;
    }
  }
  return packet;
}

std::uint64_t pseudo_header_sum(const NetAddress6& source, const NetAddress6& destination,
                                std::uint32_t length, std::uint8_t protocol) noexcept {
  return sum_bytes(std::as_bytes(std::span(source.bytes))) +
         sum_bytes(std::as_bytes(std::span(destination.bytes))) + swap32(length) +
         (std::uint64_t{protocol} << 8);
}

}  // namespace dialtone::wire
