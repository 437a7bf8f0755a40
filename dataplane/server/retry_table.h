// SPDX-License-Identifier: Apache-2.0
//
// Who was refused under attack and asks again: a phone does, from the same port, a few seconds
// later; addresses made up at random do not. A fixed number of cells in lines of sixteen; a look
// reads one cache line. Who is remembered stays for kLatest, whatever comes in: of a flood that is
// larger than the table a part is remembered for long enough, rather than all of it for too short.
// One worker; no allocation after construction.
#pragma once

#include "dataplane/base/cacheline.h"
#include "dataplane/base/hash.h"
#include "dataplane/base/tsc_clock.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace dialtone::server {

class RetryTable {
 public:
  // Sooner it is a packet that the network has doubled.
  static constexpr Micros kSoonest = 500'000;
  // Phones repeat after 4 s, other clients after 1 to 5 s.
  static constexpr Micros kLatest = 6'000'000;
  // Who has been answered may be answered again after this, as by the first packets of a source.
  static constexpr Micros kAnswered = 3'000'000;

  explicit RetryTable(std::size_t lines);

  void prefetch(std::uint64_t hash) const noexcept { __builtin_prefetch(&lines_[line(hash)], 1); }

  // Whether it was refused kSoonest to kLatest ago. It is remembered, where there is room.
  bool is_retry(std::uint64_t hash, Micros now) noexcept;
  // It is answered now.
  void answered(std::uint64_t hash, Micros now) noexcept;

  std::size_t memory_bytes() const noexcept { return lines_.size() * sizeof(Line); }

 private:
  static constexpr std::size_t kPerLine = kCacheLine / sizeof(std::uint32_t);
  // A tag of 24 bits above a time in sixteenths of a second, which comes round after 16 s. 0: free.
  struct alignas(kCacheLine) Line {
    std::uint32_t cells[kPerLine];
  };

  static constexpr Micros kRound = 16'000'000;

  static constexpr std::uint8_t units(Micros time) noexcept {
    return static_cast<std::uint8_t>(time / (1'000'000 / 16));
  }
  static std::uint32_t tag(std::uint64_t hash) noexcept {
    return static_cast<std::uint32_t>(hash & 0xffffff) | 1;
  }
  std::size_t line(std::uint64_t hash) const noexcept { return multiply_high(hash, lines_.size()); }
  std::uint32_t* find(std::uint64_t hash) noexcept;

  std::vector<Line> lines_;
};

}  // namespace dialtone::server
