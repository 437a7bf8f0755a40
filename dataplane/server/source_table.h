// SPDX-License-Identifier: Apache-2.0
//
// What is known of the addresses that requests come from: how much each has had, and whether it has
// ever answered. A fixed number of entries in lines of four; a look reads one cache line, whatever
// comes in. When a line is full, who has proven nothing makes room, the least recent first: a flood
// of forged addresses cannot push out those that answered. One worker; no allocation after
// construction.
#pragma once

#include "dataplane/base/cacheline.h"
#include "dataplane/base/hash.h"
#include "dataplane/base/ip_address.h"
#include "dataplane/server/allowance.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace dialtone::server {

struct SourceEntry {
  std::uint32_t tag = 0;             // of the hash; 0: free
  std::uint32_t requests_until = 0;  // Allowance, in its unit of time
  std::uint32_t first_until = 0;     // the same for first packets
  std::uint32_t proven_until_s = 0;

  bool is_proven(std::uint32_t now_s) const noexcept { return proven_until_s > now_s; }
};
static_assert(sizeof(SourceEntry) == 16);

class SourceTable {
 public:
  // In the unit of Allowance: what 64 first packets take, 3 s each. No other reaches further.
  static constexpr std::uint32_t kMostAhead = allowance_time(192'000'000);

  // At least `entries`; the keyed hash keeps others from choosing their line.
  SourceTable(std::size_t entries, std::uint64_t hash_seed);

  // `network` tells VLANs apart: two of them may use one address.
  std::uint64_t hash(const IpAddress& address, std::uint32_t network) const noexcept {
    return fold_multiply(fold_multiply(address.low ^ seeds_[0], address.high ^ seeds_[1]) ^ network,
                         seeds_[2]);
  }
  void prefetch(std::uint64_t hash) const noexcept { __builtin_prefetch(&lines_[line(hash)], 1); }

  // Null: nothing is known of it.
  SourceEntry* find(std::uint64_t hash) noexcept;
  // Makes one when there is none; null when all of its line have answered.
  SourceEntry* find_or_make(std::uint64_t hash, std::uint32_t now, std::uint32_t now_s) noexcept;
  // The same for one that has answered now: the proof that would end first may go for it.
  SourceEntry& find_or_replace(std::uint64_t hash, std::uint32_t now, std::uint32_t now_s) noexcept;

  std::size_t memory_bytes() const noexcept { return lines_.size() * sizeof(Line); }

 private:
  static constexpr std::size_t kPerLine = kCacheLine / sizeof(SourceEntry);
  struct alignas(kCacheLine) Line {
    SourceEntry entries[kPerLine];
  };

  std::size_t line(std::uint64_t hash) const noexcept { return multiply_high(hash, lines_.size()); }
  static std::uint32_t tag(std::uint64_t hash) noexcept {
    return static_cast<std::uint32_t>(hash) | 1;
  }

  std::uint64_t seeds_[3];
  std::vector<Line> lines_;
};

}  // namespace dialtone::server
