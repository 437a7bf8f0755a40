// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/unproven_model.h"

#include "tests/fuzz/require.h"
#include "tests/fuzz/rules.h"
#include "tests/fuzz/served_images.h"

#include <algorithm>

namespace dialtone::fuzz {
namespace {

constexpr Micros kSecond = 1'000'000;
constexpr Micros kFirstEach = 3 * kSecond;
constexpr Micros kRounding = 100;  // the product counts in steps of some microseconds
constexpr std::uint64_t kUnderAttack = 4;
constexpr std::uint64_t kByDefault = 33;
constexpr std::uint64_t kSpare = 4096;

std::uint32_t vlans_of(const PacketView& frame) {
  std::uint32_t vlans = 0;
  for (std::size_t at = 0; at < frame.tags_length; at += 4) {
    const std::uint32_t id = (frame.tags[at + 2] & 15U) << 8 | frame.tags[at + 3];
    vlans = id == 0 ? vlans : vlans << 12 | id;
  }
  return vlans;
}

}  // namespace

void UnprovenModel::begin(Micros now) {
  begun_ = now;
  asked_bytes_ = 0;
  has_acked_ = false;
  sources_.clear();
}

void UnprovenModel::came(const PacketView& frame) {
  if (!frame.is_udp) {
    return;
  }
  if (frame.opcode == kRrq || frame.opcode == kWrq) {
    asked_bytes_ += frame.packet.size();
  }
  if (frame.opcode != kAck) {
    return;
  }
  has_acked_ = true;
  bool is_known = false;
  for (Source& source : sources_) {  // in whatever VLAN
    if (source.address == frame.source) {
      source.has_acked = is_known = true;
    }
  }
  if (!is_known) {
    sources_.push_back({frame.source, frame.v6, vlans_of(frame), true});
  }
}

void UnprovenModel::went(const PacketView& frame, Micros now) {
  if (!frame.is_udp) {
    return;
  }
  bool has_acked = false;
  Source* source = nullptr;
  const std::uint32_t vlans = vlans_of(frame);
  for (Source& one : sources_) {
    if (one.address == frame.destination) {
      has_acked |= one.has_acked;
      if (one.v6 == frame.v6 && one.vlans == vlans) {
        source = &one;
      }
    }
  }
  if (has_acked) {
    return;
  }
  if (source == nullptr) {
    sources_.push_back({frame.destination, frame.v6, vlans});
    source = &sources_.back();
  }
  const Micros time = now - begun_ + kRounding;
  ++source->answers;
  require(
      source->answers <= kSourceRequests + time * kSourceRequests / kSecond + 1 + source->firsts,
      "an address that acknowledges nothing gets so many answers a second");
  if (frame.opcode == kError) {
    return;
  }
  ++source->firsts;
  source->bytes += frame.packet.size();
  require(source->firsts <= kFirstPackets + time / kFirstEach,
          "an address that acknowledges nothing gets so many first packets");
  std::uint64_t bytes = 0;
  for (const Source& one : sources_) {
    bytes += one.bytes;
  }
  require(has_acked_ || bytes <= kUnprovenBytes + kUnprovenBytes * time / kFirstEach + 1 +
                                     kUnderAttack * asked_bytes_,
          "under attack no more goes out than 4 times what came in");
  require(has_acked_ || bytes <= kByDefault * asked_bytes_ + kSpare,
          "no more goes out than 33 times what came in");
}

}  // namespace dialtone::fuzz
