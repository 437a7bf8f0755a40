// SPDX-License-Identifier: Apache-2.0
#include "dataplane/wire/neighbour.h"

#include <cstring>

namespace dialtone::wire {
namespace {

constexpr std::uint8_t kSourceMac = 1;
constexpr std::uint8_t kTargetMac = 2;

struct MacOption {
  std::uint8_t type;
  std::uint8_t length;  // in units of 8 bytes
  MacAddress mac;
};
static_assert(sizeof(MacOption) == 8);

// False: an option has no length, or one that does not fit. `has_source` is set when one of them
// gives the sender's MAC.
bool check_options(std::span<const std::byte> options, bool& has_source) noexcept {
  while (!options.empty()) {
    if (options.size() < 8 || options[1] == std::byte{0}) {
      return false;
    }
    const std::size_t length = static_cast<std::size_t>(options[1]) * 8;
    if (length > options.size()) {
      return false;
    }
    has_source |= options[0] == std::byte{kSourceMac};
    options = options.subspan(length);
  }
  return true;
}

const NeighbourMessage* message_of(const Ipv6Header& ip, std::span<const std::byte> message,
                                   bool& has_source) noexcept {
  if (message.size() < sizeof(NeighbourMessage) || ip.hop_limit != kNeighbourHopLimit) {
    return nullptr;
  }
  const auto* parsed = reinterpret_cast<const NeighbourMessage*>(message.data());
  const IpAddress target = parsed->target.host();
  if (parsed->code != 0 || target.is_multicast_v6() || target.is_v4() ||
      !check_options(message.subspan(sizeof(NeighbourMessage)), has_source)) {
    return nullptr;
  }
  return parsed;
}

std::byte* behind(Ipv6Header& ip) noexcept {
  return reinterpret_cast<std::byte*>(&ip) + sizeof(Ipv6Header);
}

void finish(Ipv6Header& ip, std::size_t length) noexcept {
  ip.version_class_flow.set(0x60000000);
  ip.payload_length.set(static_cast<std::uint16_t>(length));
  ip.next_header = kNextIcmpv6;
  ip.hop_limit = kNeighbourHopLimit;
  finish_icmpv6(ip.source, ip.destination, {behind(ip), length});
}

}  // namespace

std::optional<IpAddress> solicited_target(const Ipv6Header& ip,
                                          std::span<const std::byte> message) noexcept {
  bool has_source = false;
  const NeighbourMessage* parsed = message_of(ip, message, has_source);
  if (parsed == nullptr) {
    return std::nullopt;
  }
  const IpAddress target = parsed->target.host();
  const IpAddress destination = ip.destination.host();
  const bool to_group = destination == solicited_node(target);
  if (!to_group && destination != target) {
    return std::nullopt;  // RFC 4861 4.3: to no other address
  }
  if (ip.source.host().is_unspecified() && (has_source || !to_group)) {
    return std::nullopt;
  }
  return target;
}

std::optional<IpAddress> advertised_target(const Ipv6Header& ip,
                                           std::span<const std::byte> message) noexcept {
  bool has_source = false;
  const NeighbourMessage* parsed = message_of(ip, message, has_source);
  if (parsed == nullptr ||
      (ip.destination.host().is_multicast_v6() && (parsed->flags & kAdvertisementSolicited) != 0)) {
    return std::nullopt;
  }
  return parsed->target.host();
}

std::size_t write_probe(Ipv6Header& ip, const IpAddress& target) noexcept {
  NeighbourMessage message{};
  message.type = kNeighbourSolicitation;
  message.target.set(target);
  std::memcpy(behind(ip), &message, sizeof(message));
  finish(ip, sizeof(message));
  return sizeof(message);
}

std::size_t write_advertisement(Ipv6Header& ip, const IpAddress& target, const MacAddress& mac,
                                bool solicited) noexcept {
  NeighbourMessage message{};
  message.type = kNeighbourAdvertisement;
  message.flags =
      static_cast<std::uint8_t>(kAdvertisementOverride | (solicited ? kAdvertisementSolicited : 0));
  message.target.set(target);
  const MacOption option{kTargetMac, 1, mac};
  std::memcpy(behind(ip), &message, sizeof(message));
  std::memcpy(behind(ip) + sizeof(message), &option, sizeof(option));
  finish(ip, kNeighbourWithMac);
  return kNeighbourWithMac;
}

}  // namespace dialtone::wire
