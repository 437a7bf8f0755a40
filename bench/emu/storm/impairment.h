// SPDX-License-Identifier: Apache-2.0
//
// A link that loses, doubles and delays frames, by a seeded generator: equal seeds, equal storms as
// far as the frames come in the same order. Buffers belong to it while they wait. One thread.
#pragma once

#include "dataplane/base/tsc_clock.h"

#include <cstdint>
#include <functional>
#include <vector>

struct rte_mbuf;

namespace dialtone::emu {

struct Impairment {
  double loss = 0;       // share of the frames, of each way
  double duplicate = 0;  // share
  double reorder = 0;    // share that waits for `reorder_by` longer than the others
  Micros delay = 0;      // each frame
  Micros reorder_by = 1000;

  bool any() const noexcept { return loss != 0 || duplicate != 0 || reorder != 0 || delay != 0; }
};

class ImpairedLink {
 public:
  ImpairedLink(const Impairment& impairment, std::uint64_t seed)
      : impairment_(impairment), state_(seed * 2 + 1) {}

  enum class Fate : std::uint8_t { kPass, kLose, kWait };
  // What becomes of the next frame. kWait: it is taken, and comes out of release().
  Fate decide(rte_mbuf* buffer, Micros now);
  bool wants_copy() noexcept { return impairment_.duplicate != 0 && chance(impairment_.duplicate); }

  // Those whose time has come, in its order.
  void release(Micros now, const std::function<void(rte_mbuf*)>& pass);
  std::vector<rte_mbuf*> take_all();

 private:
  struct Waiting {
    Micros at;
    std::uint64_t serial;  // of two for the same time the first goes first
    rte_mbuf* buffer;
    bool operator>(const Waiting& other) const noexcept {
      return at != other.at ? at > other.at : serial > other.serial;
    }
  };
  bool chance(double share) noexcept;

  Impairment impairment_;
  std::uint64_t state_;
  std::uint64_t serial_ = 0;
  std::vector<Waiting> waiting_;  // a heap, the first in front
};

}  // namespace dialtone::emu
