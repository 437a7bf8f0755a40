// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/dhcp6/message.h"

#include "bench/emu/dns/name.h"
#include "dataplane/base/bytes.h"
#include "dataplane/wire/ipv6.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace dialtone::emu {
namespace {

constexpr std::uint32_t kCisco = 9;  // enterprise number
constexpr std::uint32_t kInterface = 1;
// Of an identity: its type, and what RFC 8415 11.1 allows behind that.
constexpr std::size_t kMinIdentity = 2 + 1;
constexpr std::size_t kMaxIdentity = 2 + 128;

enum Code : std::uint16_t {
  kClientId = 1,
  kServerId = 2,
  kAddresses = 3,  // IA_NA
  kAddress = 5,    // IAADDR
  kWanted = 6,
  kElapsed = 8,
  kVendorClass = 16,
  kVendorOptions = 17,
  kDns = 23,
  kDomains = 24,
};
enum SubCode : std::uint16_t { kTftpAddresses = 1, kTftpService = 2 };

std::string net16(std::uint16_t number) {
  NetU16 net{};
  net.set(number);
  return {reinterpret_cast<const char*>(&net), sizeof(net)};
}

std::string net32(std::uint32_t number) {
  NetU32 net{};
  net.set(number);
  return {reinterpret_cast<const char*>(&net), sizeof(net)};
}

std::string net_address(const IpAddress& address) {
  wire::NetAddress6 net{};
  net.set(address);
  return {reinterpret_cast<const char*>(&net), sizeof(net)};
}

std::string option(std::uint16_t code, std::string_view value) {
  return net16(code) + net16(static_cast<std::uint16_t>(value.size())) + std::string(value);
}

std::uint16_t number16(std::string_view bytes, std::size_t at) {
  NetU16 net{};
  std::memcpy(&net, bytes.data() + at, sizeof(net));
  return net.host();
}

std::uint32_t number32(std::string_view bytes, std::size_t at) {
  NetU32 net{};
  std::memcpy(&net, bytes.data() + at, sizeof(net));
  return net.host();
}

IpAddress address_at(std::string_view bytes, std::size_t at) {
  wire::NetAddress6 net{};
  std::memcpy(&net, bytes.data() + at, sizeof(net));
  return net.host();
}

std::vector<IpAddress> addresses_of(std::string_view bytes) {
  std::vector<IpAddress> all;
  for (std::size_t at = 0; at + sizeof(wire::NetAddress6) <= bytes.size();
       at += sizeof(wire::NetAddress6)) {
    all.push_back(address_at(bytes, at));
  }
  return all;
}

// The first of a list of names (RFC 8415 section 10), as text; empty: it is broken.
std::string first_name(std::string_view bytes) {
  std::string name;
  return take_name(bytes, name) == NameEnd::kWhole ? name : std::string();
}

// `take` gets the code and the value of each. False: one is longer than what is there.
template <typename Take>
bool each_option(std::string_view bytes, Take take) {
  constexpr std::size_t kHead = 4;
  while (!bytes.empty()) {
    if (bytes.size() < kHead || bytes.size() - kHead < number16(bytes, 2)) {
      return false;
    }
    const std::size_t length = number16(bytes, 2);
    if (!take(number16(bytes, 0), bytes.substr(kHead, length))) {
      return false;
    }
    bytes.remove_prefix(kHead + length);
  }
  return true;
}

bool read_addresses(std::string_view value, Dhcp6Reply& reply) {
  constexpr std::size_t kHead = 12;  // identity and two times
  constexpr std::size_t kAddressHead = sizeof(wire::NetAddress6) + 8;
  return value.size() >= kHead &&
         each_option(value.substr(kHead), [&](std::uint16_t code, std::string_view inner) {
           if (code != kAddress) {
             return true;
           }
           if (inner.size() < kAddressHead) {
             return false;
           }
           const bool is_valid = number32(inner, sizeof(wire::NetAddress6) + 4) != 0;
           if (is_valid && !reply.address) {
             reply.address = address_at(inner, 0);
           }
           return true;
         });
}

bool read_vendor_options(std::string_view value, Offer& offer) {
  constexpr std::size_t kHead = 4;
  if (value.size() < kHead) {
    return false;
  }
  if (number32(value, 0) != kCisco) {
    return true;
  }
  return each_option(value.substr(kHead), [&](std::uint16_t code, std::string_view inner) {
    if (code == kTftpAddresses) {
      offer.sub_option1 = addresses_of(inner);
    } else if (code == kTftpService) {
      offer.sub_option2 = std::string(inner.substr(0, inner.find('\0')));
    }
    return true;
  });
}

bool read_option(std::uint16_t code, std::string_view value, Dhcp6Reply& reply) {
  switch (code) {
    case kClientId:
      reply.client = value;
      return true;
    case kServerId:  // which the request repeats
      reply.server = value;
      return value.size() >= kMinIdentity && value.size() <= kMaxIdentity;
    case kAddresses:
      return read_addresses(value, reply);
    case kDns:
      reply.dns = addresses_of(value);
      return true;
    case kDomains:
      reply.offer.domain = first_name(value);
      return true;
    case kVendorOptions:
      return read_vendor_options(value, reply.offer);
    default:
      return true;
  }
}

}  // namespace

std::string dhcp6_identity(const wire::MacAddress& mac) {
  constexpr std::uint16_t kLinkLayer = 3;
  constexpr std::uint16_t kEthernet = 1;
  return net16(kLinkLayer) + net16(kEthernet) +
         std::string(reinterpret_cast<const char*>(mac.bytes.data()), sizeof(mac));
}

std::vector<std::byte> write_dhcp6(const Dhcp6Request& request) {
  constexpr std::uint32_t kMaxHundredths = 0xffff;
  std::string packet =
      net32(static_cast<std::uint32_t>(request.type) << 24 | (request.transaction & 0xffffff));
  packet += option(kClientId, dhcp6_identity(request.mac));
  std::string inner;
  if (request.type == Dhcp6Type::kRequest) {
    packet += option(kServerId, request.server);
    inner = option(kAddress, net_address(request.requested) + net32(0) + net32(0));
  }
  packet += option(kAddresses, net32(kInterface) + net32(0) + net32(0) + inner);
  packet += option(kWanted, net16(kVendorOptions) + net16(kDns) + net16(kDomains));
  packet += option(
      kElapsed,
      net16(static_cast<std::uint16_t>(std::min(request.milliseconds / 10, kMaxHundredths))));
  if (!request.vendor_class.empty()) {
    packet +=
        option(kVendorClass, net32(kCisco) +
                                 net16(static_cast<std::uint16_t>(request.vendor_class.size())) +
                                 request.vendor_class);
  }
  const auto bytes = std::as_bytes(std::span(packet));
  return {bytes.begin(), bytes.end()};
}

std::optional<Dhcp6Reply> parse_dhcp6(std::span<const std::byte> packet) {
  const std::string_view bytes(reinterpret_cast<const char*>(packet.data()), packet.size());
  constexpr std::size_t kHead = 4;
  if (bytes.size() < kHead) {
    return std::nullopt;
  }
  Dhcp6Reply reply;
  reply.type = static_cast<Dhcp6Type>(bytes[0]);
  reply.transaction = number32(bytes, 0) & 0xffffff;
  if (reply.type != Dhcp6Type::kAdvertise && reply.type != Dhcp6Type::kReply) {
    return std::nullopt;
  }
  const bool is_sound = each_option(
      bytes.substr(kHead),
      [&](std::uint16_t code, std::string_view value) { return read_option(code, value, reply); });
  return is_sound ? std::optional(std::move(reply)) : std::nullopt;
}

}  // namespace dialtone::emu
