// SPDX-License-Identifier: Apache-2.0
//
// What the dataplane serves, and what it still keeps mapped: "offer, map, publish, drain, retire"
// (docs/swap-protocol.md). All calls belong to the housekeeper, and none waits for a worker but
// await_grace(), as long as it is told to; only current(), grace() and pins() are for workers.
//
//   publish  one pointer exchange; then a grace period
//   grace    passed: no worker can newly reach the old generation. Its manifest, and the indexes
//            that no newer generation uses, are unmapped
//   drain    a segment that no newer generation uses stays while any worker has it pinned, and one
//            more grace period; then it is unmapped. When an offer had to wait for it, and it is
//            over the drain deadline, the workers are told to end its transfers
//   retire   nothing of the generation is mapped but what newer ones use
#pragma once

#include "dataplane/image/grace.h"
#include "dataplane/image/object_table.h"
#include "dataplane/image/pin_table.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <vector>

namespace dialtone::image {

struct StoreEvent {
  enum class Kind : std::uint8_t {
    kPublished,
    kOverdue,  // its transfers are being ended
    kRetired,
  } kind;
  std::uint64_t generation;
  std::chrono::microseconds took;  // kPublished: since publish(); others: since it was replaced
};

// What a live generation keeps mapped that no newer one uses; of the served one, all that it uses.
struct LiveGeneration {
  std::uint64_t number;
  std::uint64_t bytes;
  std::uint64_t transfers;       // that read its segments
  std::chrono::seconds waiting;  // since it was replaced; 0: it is served
};

class ImageStore {
 public:
  using Clock = std::chrono::steady_clock;

  // A load of 20 MB in blocks of 512 bytes takes 40,000 round trips: 13 minutes at 20 ms.
  static constexpr std::chrono::seconds kDrainDeadline{900};

  // A generation that keeps an offer waiting may be read for `drain_deadline` after it was
  // replaced.
  ImageStore(std::uint32_t workers, MapMode mode, StageLimits limits = {},
             Clock::duration drain_deadline = kDrainDeadline);
  ~ImageStore();

  // For workers. Null until the first publish. Acquire: pairs with the exchange in publish().
  const abi::LiveImage* current() const noexcept {
    return current_.load(std::memory_order_acquire);
  }
  // The slot whose transfers have to end now; kNoSlot: none. A worker loads it once in a turn.
  std::uint16_t drained_slot() const noexcept {
    return drained_slot_.load(std::memory_order_relaxed);
  }
  Grace& grace() noexcept { return grace_; }
  abi::Pins pins(std::uint32_t worker) noexcept { return pins_.of(worker); }

  ObjectTable& objects() noexcept { return objects_; }
  const ObjectTable& objects() const noexcept { return objects_; }

  enum class Outcome : std::uint8_t { kStarted, kBusy };
  // Checks the offer and swaps. kStarted: poll() will report kPublished. An Error leaves everything
  // as it was. Not while publishing().
  Result<Outcome> publish(const abi::OfferMessage& offer, int manifest_fd);

  // Nobody waits any more for the offer that was answered with kBusy.
  void forget_offer() noexcept { busy_at_ = 0; }

  // Looks for the end of a publish's grace period without a pause, for `most`. It is over within a
  // turn of the workers, some microseconds, where a sleep is woken after a hundred.
  void await_grace(Clock::duration most) noexcept;

  // Moves grace periods, drains and retirements on. What a publish replaces is unmapped by a later
  // call than the one that reports it.
  std::vector<StoreEvent> poll(Clock::time_point now = Clock::now());

  bool publishing() const noexcept { return publishing_; }
  bool draining() const noexcept { return generations_.size() > 1; }
  Clock::time_point publish_began() const noexcept { return began_; }

  std::size_t live_generations() const noexcept { return generations_.size(); }
  std::vector<LiveGeneration> live(Clock::time_point now = Clock::now()) const;  // oldest first
  const abi::Manifest* manifest() const noexcept;  // of what is served; null: nothing yet
  // Bytes mapped for segments and indexes, staged ones too.
  std::uint64_t mapped_bytes() const noexcept { return objects_.mapped_bytes(); }

 private:
  Outcome busy() noexcept;
  bool assign_slots(Generation& generation);
  void adopt(Generation& generation);
  void hide(Generation& generation);
  void drain(Generation& generation);
  bool due_for_drain(const Generation& generation, Clock::time_point now) const noexcept;
  void end_transfers(Clock::time_point now, std::vector<StoreEvent>& events);

  ObjectTable objects_;
  Grace grace_;
  PinTable pins_;
  std::atomic<const abi::LiveImage*> current_{nullptr};
  std::vector<std::unique_ptr<Generation>> generations_;  // oldest first; the last is served
  std::vector<std::uint16_t> free_slots_;
  const Clock::duration drain_deadline_;
  std::size_t busy_at_ = 0;  // live generations when an offer had to wait; 0: none waits
  std::atomic<std::uint16_t> drained_slot_{abi::kNoSlot};
  bool publishing_ = false;
  Grace::Token publish_token_ = 0;
  Clock::time_point began_;
};

}  // namespace dialtone::image
