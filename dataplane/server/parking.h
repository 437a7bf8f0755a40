// SPDX-License-Identifier: Apache-2.0
//
// The requests of one worker that wait: for a session while all are in use, for a file that control
// is asked for, or for a sign that their source is no forged one. Each is kept with where it came
// from and its bytes, so that it is answered later as if it came then. Fixed memory, taken and
// touched by the constructor; no operation allocates. One worker; time comes in as a value.
//
// A client has one place at most. That of a client which asks again stays where it is: who has
// waited longest is first in its queue.
#pragma once

#include "dataplane/base/tsc_clock.h"
#include "dataplane/server/packet.h"
#include "dataplane/tftp/message.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace dialtone::server {

// Requests that a worker lets wait, about 620 bytes each.
inline constexpr std::uint32_t kDefaultParked = 4096;

enum class WaitsFor : std::uint8_t {
  kSession,  // its file is there
  kFile,     // control was asked for it
  kRefusal,  // its file is not there, and that is known now
  kProof,    // its source is to acknowledge something first
};

// Those that wait for the same thing, and are told apart by Parked::group.
constexpr bool has_group(WaitsFor what) noexcept {
  return what == WaitsFor::kFile || what == WaitsFor::kProof;
}

using ParkedIndex = std::uint32_t;
inline constexpr ParkedIndex kNotParked = 0xffffffff;

struct ParkedLinks {
  ParkedIndex previous = kNotParked;
  ParkedIndex next = kNotParked;
};

struct Parked {
  Peer peer{};  // its port is 0: free
  std::uint64_t hash = 0;
  std::uint64_t group = 0;  // keyed hash: with kFile of the name that was asked for, for
                            // this one; with kProof of the source
  Micros first_asked = 0;
  Micros last_asked = 0;
  ParkedLinks queue;    // those that wait for the same, by first_asked
  ParkedLinks silence;  // all, by last_asked
  ParkedLinks grouped;  // those of its group, the latest first, and of others with the same bucket
  std::uint32_t in_group = 0;  // how many its group has: of the latest of them
  ParkedIndex next_client = kNotParked;
  WaitsFor waits_for{};
  bool admitted = false;  // about first packets (admission.h): not before it waits for a session
  std::uint16_t length = 0;
  std::array<std::byte, tftp::kMaxRequest> bytes{};

  std::span<const std::byte> payload() const noexcept { return {bytes.data(), length}; }
};

class ParkingLot {
 public:
  explicit ParkingLot(std::uint32_t capacity);

  bool empty() const noexcept { return size_ == 0; }
  bool full() const noexcept { return free_ == kNotParked; }
  std::size_t size() const noexcept { return size_; }
  std::size_t capacity() const noexcept { return places_.size(); }
  std::size_t waiting(WaitsFor what) const noexcept { return queue_of(what).count; }

  // Null: the client does not wait.
  Parked* find(std::uint64_t hash, const tftp::ClientKey& client) noexcept;
  // The latest of those that wait for the same file, or for the proof of the same source; null:
  // none.
  Parked* latest(WaitsFor what, std::uint64_t group) noexcept {
    return next_of(groups_[bucket(group)].head, what, group);
  }
  // The one that came before it.
  Parked* before(const Parked& parked) noexcept {
    return next_of(parked.grouped.next, parked.waits_for, parked.group);
  }
  // How many there are of these.
  std::size_t waiting(WaitsFor what, std::uint64_t group) noexcept {
    const Parked* one = latest(what, group);
    return one == nullptr ? 0 : one->in_group;
  }

  // Behind all that wait for the same. Not when full(); `packet` is a request of a client that does
  // not wait yet. `group` counts where has_group().
  Parked& add(const Packet& packet, WaitsFor what, std::uint64_t group, Micros now) noexcept;
  // Its client has asked for the same again, perhaps from another link address.
  void refresh(Parked& parked, const Peer& peer, Micros now) noexcept;
  // To its place among those that wait for `what`, by first_asked; behind them all from kProof.
  void move(Parked& parked, WaitsFor what) noexcept;
  void remove(Parked& parked) noexcept;

  Parked* first(WaitsFor what) noexcept { return at(queue_of(what).head); }
  // Whose client has not been heard of for longest; null: nobody waits.
  Parked* most_silent() noexcept { return at(silence_.head); }

  // From now on next_unchecked() goes through all that wait for a file, each once.
  void recheck() noexcept { unchecked_ = queue_of(WaitsFor::kFile).head; }
  Parked* next_unchecked() noexcept;

 private:
  struct Queue {
    ParkedIndex head = kNotParked;
    ParkedIndex tail = kNotParked;
    std::size_t count = 0;
  };
  using Links = ParkedLinks Parked::*;

  Queue& queue_of(WaitsFor what) noexcept { return queues_[static_cast<std::size_t>(what)]; }
  const Queue& queue_of(WaitsFor what) const noexcept {
    return queues_[static_cast<std::size_t>(what)];
  }
  Parked* at(ParkedIndex index) noexcept { return index == kNotParked ? nullptr : &places_[index]; }
  ParkedIndex index_of(const Parked& parked) const noexcept {
    return static_cast<ParkedIndex>(&parked - places_.data());
  }
  Parked* next_of(ParkedIndex index, WaitsFor what, std::uint64_t group) noexcept;
  std::size_t bucket(std::uint64_t hash) const noexcept { return hash & (clients_.size() - 1); }
  void insert(Queue& queue, Links links, ParkedIndex behind, Parked& parked) noexcept;
  void unlink(Queue& queue, Links links, Parked& parked) noexcept;
  void leave_queue(Parked& parked) noexcept;
  void join_group(Parked& parked) noexcept;
  void leave_group(Parked& parked) noexcept;

  std::vector<Parked> places_;
  std::vector<ParkedIndex> clients_;  // by Parked::hash
  std::vector<Queue> groups_;         // by Parked::group
  std::array<Queue, 4> queues_;
  Queue silence_;
  ParkedIndex free_ = kNotParked;
  ParkedIndex unchecked_ = kNotParked;
  std::size_t size_ = 0;
};

}  // namespace dialtone::server
