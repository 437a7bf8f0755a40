// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/narrow_link.h"

#include "tests/fuzz/fix_up.h"
#include "tests/fuzz/packet_view.h"
#include "tests/fuzz/rules.h"

#include <algorithm>
#include <cstring>

namespace dialtone::fuzz {
namespace {

constexpr std::size_t kUdp = 8;
constexpr std::size_t kTftp = 4;
constexpr std::size_t kIcmp = 8;
constexpr std::size_t kMostQuoted = 548;    // RFC 1812 section 4.3.2.3
constexpr std::size_t kMostQuoted6 = 1232;  // RFC 4443 section 2.4
constexpr std::uint16_t kLeastLink = 576;   // blocks are no smaller than a plain one needs
constexpr std::uint16_t kLeastLink6 = 1280;
constexpr Micros kKept = 600'000'000;
constexpr std::uint16_t kOurLink = 1500;

std::size_t ip_length(bool v6) {
  return v6 ? 40 : 20;
}

std::size_t quoted_of(const std::string& packet, bool v6, const TooBigSaid& said) {
  const std::size_t most = v6 ? kMostQuoted6 : kMostQuoted;
  return std::min({said.quoted == 0 ? most : said.quoted, most, packet.size()});
}

std::uint16_t word_of(const std::string& packet, std::size_t at) {
  return word_at(std::as_bytes(std::span(packet)), at);
}

// Whether it tells which packet of which transfer it is.
bool tells_which(std::size_t at, bool v6) {
  const std::size_t udp = ip_length(v6);
  const bool is_protocol = at == (v6 ? 6U : 9U);
  const bool is_address = at >= (v6 ? 8U : 12U) && at < udp;
  const bool is_port = at >= udp && at < udp + 4;
  const bool is_block = at >= udp + kUdp && at < udp + kUdp + kTftp;
  return is_protocol || is_address || is_port || is_block;
}

}  // namespace

std::size_t write_too_big(std::span<std::byte> frame, const ClientEnd& client,
                          const std::string& packet, const TooBigSaid& said) {
  const std::size_t ip_at = client.headers.size() - kUdp - ip_length(client.v6);
  const std::size_t icmp_at = ip_at + ip_length(client.v6);
  const std::size_t quote_at = icmp_at + kIcmp;
  const std::size_t quoted = quoted_of(packet, client.v6, said);
  const std::size_t length = quote_at + quoted;
  std::memcpy(frame.data(), client.headers.data(), icmp_at);
  std::memset(frame.data() + icmp_at, 0, kIcmp);
  std::memcpy(frame.data() + quote_at, packet.data(), quoted);
  if (said.changed_at != 0 && said.changed_at < quoted) {
    frame[quote_at + said.changed_at] ^= std::byte{0x80};
  }
  // The router's address is another than the client's.
  frame[ip_at + (client.v6 ? 23 : 15)] ^= std::byte{0x10};
  frame[ip_at + (client.v6 ? 6 : 9)] = std::byte(client.v6 ? 58 : 1);
  put_word(frame, icmp_at, client.v6 ? 0x0200 : 0x0304);
  put_word(frame, icmp_at + 6, said.mtu);
  fix_up(frame.first(length));
  return length;
}

Belief belief_in(const std::string& packet, bool v6, const TooBigSaid& said) {
  const std::size_t headers = ip_length(v6) + kUdp;
  const std::size_t quoted = quoted_of(packet, v6, said);
  const bool is_changed = said.changed_at != 0 && said.changed_at < quoted;
  if (quoted < headers + (v6 ? kTftp : 0) || (v6 && said.mtu < kLeastLink6) ||
      (is_changed && tells_which(said.changed_at, v6))) {
    return Belief::kNever;
  }
  if (is_changed) {
    return Belief::kPerhaps;
  }
  if (said.mtu >= packet.size()) {
    return Belief::kNever;
  }
  if (quoted < headers + kTftp) {
    return Belief::kPerhaps;
  }
  return word_of(packet, headers) == kData ? Belief::kWhenOnItsWay : Belief::kNever;
}

std::uint16_t block_number(const std::string& packet, bool v6) {
  return word_of(packet, ip_length(v6) + kUdp + 2);
}

void KnownLinks::note(const IpAddress& client, std::uint16_t mtu, Micros now) {
  std::erase_if(links_, [&](const Link& link) { return link.client == client; });
  links_.push_back({client, std::max(mtu, kLeastLink), now + kKept});
}

std::uint64_t KnownLinks::max_block(const IpAddress& client, std::uint64_t most, Micros now) const {
  for (const Link& link : links_) {
    if (link.client == client && now < link.until && link.mtu < kOurLink) {
      return most - (kOurLink - link.mtu);
    }
  }
  return most;
}

}  // namespace dialtone::fuzz
