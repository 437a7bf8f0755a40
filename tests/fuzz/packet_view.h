// SPDX-License-Identifier: Apache-2.0
//
// A frame taken apart by code of the fuzz targets' own, without an allocation: what was asked, kept
// while the answer is written over it, and what was answered.
#pragma once

#include "dataplane/base/ip_address.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace dialtone::fuzz {

struct PacketView {
  std::array<std::uint8_t, 6> to{};
  std::array<std::uint8_t, 6> from{};
  std::array<std::uint8_t, 8> tags{};
  std::size_t tags_length = 0;
  std::uint16_t type = 0;

  bool is_ip = false;  // its header fits, and what it says of its length too
  bool v6 = false;
  bool fragment = false;
  bool may_be_cut = false;    // by routers: IPv4 without DF
  std::uint8_t protocol = 0;  // behind IPv6's extension headers
  IpAddress source;
  IpAddress destination;
  std::size_t ip_at = 0;       // in the frame
  std::size_t payload_at = 0;  // of IP
  std::size_t end = 0;         // of IP

  bool is_udp = false;  // not of a fragment; at least 4 bytes of payload
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::uint16_t opcode = 0;
  std::uint16_t number = 0;
  std::span<const std::byte> packet;  // of TFTP; valid as long as the frame stands
};

PacketView view_of(std::span<const std::byte> frame);

// Of a UDP packet, from its IP header on.
std::span<const std::byte> ip_packet(const PacketView& view);

std::uint16_t word_at(std::span<const std::byte> bytes, std::size_t at);
void put_word(std::span<std::byte> bytes, std::size_t at, std::uint16_t word);

// RFC 1071: the sum of big-endian words, not folded.
std::uint64_t words_of(std::span<const std::byte> bytes);
std::uint16_t folded(std::uint64_t sum);

// The pseudo-header's sum for what stands behind IP's headers.
std::uint64_t pseudo_words(const PacketView& view, std::size_t length);

}  // namespace dialtone::fuzz
