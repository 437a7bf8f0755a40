// SPDX-License-Identifier: Apache-2.0
//
// Frames from the worker that received them to the worker whose transfers they belong to. The port
// chooses a queue by rules of its own, so this is always there (tftp/tid.h says who owns a port).
//
// A ring for each ordered pair of workers, with one writer and one reader: nobody waits for
// anybody, and a worker that stands still costs the others its own frames only. give() belongs to
// the thread of `from`, take() to that of `to`; the rest is cold.
#pragma once

#include "dataplane/base/cacheline.h"
#include "dataplane/base/result.h"
#include "dataplane/io/burst.h"

#include <rte_ring.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace dialtone::io {

// The rings are polled in each turn, and their number is the square of this.
inline constexpr std::uint32_t kMaxWorkers = 16;
// Of a pair. A worker that moves takes more than a burst in each of its turns.
inline constexpr std::uint32_t kHandoffRing = 256;

class HandoffMesh {
 public:
  static Result<HandoffMesh> make(std::uint32_t workers);

  HandoffMesh(HandoffMesh&&) noexcept = default;
  HandoffMesh& operator=(HandoffMesh&&) = delete;
  ~HandoffMesh();  // gives back what is still in the rings; no worker may run any more

  // False: the ring is full, and the buffer stays the caller's.
  bool give(std::uint32_t from, std::uint32_t to, rte_mbuf* buffer) noexcept {
    return rte_ring_sp_enqueue(rings_[from * workers_ + to].get(), buffer) == 0;
  }

  // At most kBurst frames for `to`. The sender that begins changes, so that none fills the burst
  // for ever.
  std::uint16_t take(std::uint32_t to, rte_mbuf** buffers) noexcept {
    Turn& turn = turns_[to];
    unsigned count = 0;
    for (std::uint32_t i = 0; i < workers_ && count < kBurst; ++i) {
      turn.from = turn.from + 1 < workers_ ? turn.from + 1 : 0;
      if (turn.from != to) {
        count += rte_ring_sc_dequeue_burst(rings_[turn.from * workers_ + to].get(),
                                           reinterpret_cast<void**>(buffers + count),
                                           kBurst - count, nullptr);
      }
    }
    for (unsigned i = 0; i < count; ++i) {
      rte_prefetch0(frame_data(buffers[i]));
    }
    return static_cast<std::uint16_t>(count);
  }

 private:
  struct FreeRing {
    void operator()(rte_ring* ring) const noexcept { rte_ring_free(ring); }
  };
  struct alignas(kCacheLine) Turn {
    std::uint32_t from = 0;
  };

  explicit HandoffMesh(std::uint32_t workers)
      : workers_(workers), rings_(std::size_t{workers} * workers), turns_(workers) {}

  std::uint32_t workers_;
  std::vector<std::unique_ptr<rte_ring, FreeRing>> rings_;  // null: from a worker to itself
  std::vector<Turn> turns_;                                 // each its worker's
};

}  // namespace dialtone::io
