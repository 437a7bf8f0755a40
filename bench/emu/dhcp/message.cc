// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/dhcp/message.h"

#include "dataplane/base/bytes.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string_view>

namespace dialtone::emu {
namespace {

constexpr std::uint8_t kBootRequest = 1;
constexpr std::uint8_t kBootReply = 2;
constexpr std::uint8_t kEthernet = 1;
constexpr std::uint16_t kBroadcast = 0x8000;
constexpr std::uint32_t kCookie = 0x63825363;

struct Header {
  std::uint8_t operation;
  std::uint8_t hardware_type;
  std::uint8_t hardware_length;
  std::uint8_t hops;
  NetU32 transaction;
  NetU16 seconds;
  NetU16 flags;
  NetU32 client;
  NetU32 yours;
  NetU32 server;  // siaddr
  NetU32 relay;
  wire::MacAddress mac;
  std::byte mac_padding[10];
  char sname[64];
  char file[128];
  NetU32 cookie;
};
static_assert(sizeof(Header) == 240);

enum Code : std::uint8_t {
  kPad = 0,
  kSubnetMask = 1,
  kRouter = 3,
  kDns = 6,
  kHostName = 12,
  kDomain = 15,
  kRequestedAddress = 50,
  kLeaseTime = 51,
  kOverload = 52,
  kMessageType = 53,
  kServerId = 54,
  kParameterList = 55,
  kVendorClass = 60,
  kClientId = 61,
  kTftpName = 66,
  kTftpAddresses = 150,
  kEnd = 255,
};

class Options {
 public:
  explicit Options(std::vector<std::byte>& out) : out_(out) {}

  void add(Code code, std::string_view value) {
    out_.push_back(std::byte{code});
    out_.push_back(static_cast<std::byte>(value.size()));
    const auto bytes = std::as_bytes(std::span(value));
    out_.insert(out_.end(), bytes.begin(), bytes.end());
  }
  void add(Code code, const IpAddress& address) {
    NetU32 net{};
    net.set(address.v4());
    add(code, {reinterpret_cast<const char*>(&net), sizeof(net)});
  }

 private:
  std::vector<std::byte>& out_;
};

std::string text_of(std::string_view bytes) {
  return std::string(bytes.substr(0, bytes.find('\0')));
}

std::vector<IpAddress> addresses_of(std::string_view bytes) {
  std::vector<IpAddress> all;
  for (std::size_t at = 0; at + sizeof(NetU32) <= bytes.size(); at += sizeof(NetU32)) {
    NetU32 net;
    std::memcpy(&net, bytes.data() + at, sizeof(net));
    all.push_back(IpAddress::from_v4(net.host()));
  }
  return all;
}

std::uint32_t number_of(std::string_view bytes) {
  const auto all = addresses_of(bytes);
  return all.empty() ? 0 : all.front().v4();
}

void read_option(std::uint8_t code, std::string_view value, DhcpReply& reply,
                 std::uint8_t& overload) {
  const auto addresses = addresses_of(value);
  switch (code) {
    case kMessageType:
      reply.type = value.empty() ? reply.type : static_cast<DhcpType>(value[0]);
      break;
    case kSubnetMask:
      reply.prefix_bits = static_cast<std::uint8_t>(std::popcount(number_of(value)));
      break;
    case kRouter:
      reply.router = addresses.empty() ? std::nullopt : std::optional(addresses.front());
      break;
    case kDns:
      reply.dns = addresses;
      break;
    case kDomain:
      reply.offer.domain = text_of(value);
      break;
    case kLeaseTime:
      reply.lease_s = number_of(value);
      break;
    case kOverload:
      overload = value.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(value[0]);
      break;
    case kServerId:
      reply.offer.server = addresses.empty() ? std::nullopt : std::optional(addresses.front());
      break;
    case kTftpName:
      reply.offer.option66 = text_of(value);
      reply.offer.option66_comes_last = true;
      break;
    case kTftpAddresses:
      reply.offer.option150.insert(reply.offer.option150.end(), addresses.begin(), addresses.end());
      reply.offer.option66_comes_last = false;
      break;
    default:
      break;
  }
}

// False: an option is longer than what is there.
bool read_options(std::string_view bytes, DhcpReply& reply, std::uint8_t& overload) {
  while (!bytes.empty()) {
    const auto code = static_cast<std::uint8_t>(bytes[0]);
    if (code == kEnd) {
      break;
    }
    if (code == kPad) {
      bytes.remove_prefix(1);
      continue;
    }
    if (bytes.size() < 2 || bytes.size() < 2u + static_cast<std::uint8_t>(bytes[1])) {
      return false;
    }
    const std::size_t length = static_cast<std::uint8_t>(bytes[1]);
    read_option(code, bytes.substr(2, length), reply, overload);
    bytes.remove_prefix(2 + length);
  }
  return true;
}

}  // namespace

std::vector<std::byte> write_dhcp(const DhcpRequest& request) {
  Header header{};
  header.operation = kBootRequest;
  header.hardware_type = kEthernet;
  header.hardware_length = sizeof(request.mac);
  header.transaction.set(request.transaction);
  header.seconds.set(request.seconds);
  header.flags.set(kBroadcast);
  header.mac = request.mac;
  header.cookie.set(kCookie);
  std::vector<std::byte> packet(sizeof(header));
  std::memcpy(packet.data(), &header, sizeof(header));
  Options options(packet);
  options.add(kMessageType, std::string(1, static_cast<char>(request.type)));
  if (request.type == DhcpType::kRequest) {
    options.add(kRequestedAddress, request.requested);
    options.add(kServerId, request.server);
  }
  std::string client_id(1, static_cast<char>(kEthernet));
  client_id.append(reinterpret_cast<const char*>(request.mac.bytes.data()), sizeof(request.mac));
  options.add(kClientId, client_id);
  options.add(kHostName, request.host_name);
  if (!request.vendor_class.empty()) {
    options.add(kVendorClass, request.vendor_class);
  }
  constexpr std::array<char, 7> kWanted{kSubnetMask,
                                        kRouter,
                                        kDns,
                                        kDomain,
                                        kLeaseTime,
                                        kTftpName,
                                        static_cast<char>(kTftpAddresses)};
  options.add(kParameterList, {kWanted.data(), kWanted.size()});
  packet.push_back(std::byte{kEnd});
  constexpr std::size_t kLeast = 300;  // BOOTP relays drop less (RFC 1542 2.1)
  packet.resize(std::max(packet.size(), kLeast));
  return packet;
}

std::optional<DhcpReply> parse_dhcp(std::span<const std::byte> packet) {
  if (packet.size() < sizeof(Header)) {
    return std::nullopt;
  }
  Header header;
  std::memcpy(&header, packet.data(), sizeof(header));
  if (header.operation != kBootReply || header.cookie.host() != kCookie) {
    return std::nullopt;
  }
  DhcpReply reply;
  reply.transaction = header.transaction.host();
  reply.mac = header.mac;
  reply.address = IpAddress::from_v4(header.yours.host());
  if (header.server.host() != 0) {
    reply.offer.siaddr = IpAddress::from_v4(header.server.host());
  }
  const std::span<const std::byte> rest = packet.subspan(sizeof(header));
  std::uint8_t overload = 0;
  if (!read_options({reinterpret_cast<const char*>(rest.data()), rest.size()}, reply, overload)) {
    return std::nullopt;
  }
  const std::string_view file(header.file, sizeof(header.file));
  const std::string_view sname(header.sname, sizeof(header.sname));
  const bool is_sound = ((overload & 1) == 0 || read_options(file, reply, overload)) &&
                        ((overload & 2) == 0 || read_options(sname, reply, overload));
  if (!is_sound) {
    return std::nullopt;
  }
  if ((overload & 2) == 0) {
    reply.offer.sname = text_of(sname);
  }
  return reply;
}

}  // namespace dialtone::emu
