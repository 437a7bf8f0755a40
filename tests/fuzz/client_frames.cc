// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/client_frames.h"

#include "tests/fuzz/fix_up.h"
#include "tests/fuzz/packet_view.h"
#include "tests/support/packet_builder.h"

#include <algorithm>
#include <cstring>

namespace dialtone::fuzz {
namespace {

constexpr std::size_t kUdp = 8;
constexpr std::size_t kIcmp = 8;
constexpr std::size_t kIpv4 = 20;
constexpr std::size_t kIpv6 = 40;

}  // namespace

IpAddress ClientEnd::address() const {
  return v6 ? test::kPhoneAddress6 : IpAddress::from_v4(test::kPhoneAddress);
}

ClientEnd make_client(bool v6, bool tagged, std::uint16_t port) {
  test::Packet packet;
  v6 ? packet.from_v6(port) : packet.from(test::kPhoneAddress, port);
  if (tagged) {
    packet.tagged(0x88a8, 100).tagged(0x8100, 0x2005);
  }
  const std::size_t length = 14 + (tagged ? 8 : 0) + (v6 ? kIpv6 : kIpv4) + kUdp;
  return {packet.bytes().substr(0, length), port, v6, tagged};
}

std::size_t write_packet(std::span<std::byte> frame, const ClientEnd& client, std::uint16_t to_port,
                         std::span<const std::byte> packet) {
  const std::size_t headers = client.headers.size();
  std::memcpy(frame.data(), client.headers.data(), headers);
  const std::size_t size = std::min(packet.size(), frame.size() - headers);
  if (size != 0) {
    std::memcpy(frame.data() + headers, packet.data(), size);
  }
  put_word(frame, headers - kUdp + 2, to_port);
  fix_up(frame.first(headers + size));
  return headers + size;
}

std::size_t write_unreachable(std::span<std::byte> frame, const ClientEnd& client,
                              std::uint16_t server_port, std::uint16_t client_port) {
  const std::size_t ip_length = client.v6 ? kIpv6 : kIpv4;
  const std::size_t ip_at = client.headers.size() - kUdp - ip_length;
  const std::size_t icmp_at = ip_at + ip_length;
  const std::size_t quote_at = icmp_at + kIcmp;
  const std::size_t length = quote_at + ip_length + kUdp;
  std::memcpy(frame.data(), client.headers.data(), icmp_at);
  std::memset(frame.data() + icmp_at, 0, kIcmp);
  // The packet that went the other way.
  std::memcpy(frame.data() + quote_at, frame.data() + ip_at, ip_length);
  const std::size_t addresses = client.v6 ? 8 : 12;
  const std::size_t size = client.v6 ? 16 : 4;
  std::memcpy(frame.data() + quote_at + addresses, frame.data() + ip_at + addresses + size, size);
  std::memcpy(frame.data() + quote_at + addresses + size, frame.data() + ip_at + addresses, size);
  put_word(frame, quote_at + ip_length, server_port);
  put_word(frame, quote_at + ip_length + 2, client_port);
  put_word(frame, quote_at + ip_length + 4, 20);
  put_word(frame, quote_at + ip_length + 6, 0);
  frame[ip_at + (client.v6 ? 6 : 9)] = std::byte(client.v6 ? 58 : 1);
  put_word(frame, icmp_at, client.v6 ? 0x0104 : 0x0303);
  fix_up(frame.first(length));
  return length;
}

}  // namespace dialtone::fuzz
