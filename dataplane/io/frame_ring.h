// SPDX-License-Identifier: Apache-2.0
//
// Frames from one thread to one other by copy, in a fixed memory. Nobody waits: a full ring takes
// nothing, an empty one gives nothing. For the few frames that leave a worker for a thread that may
// block, or come from there: packet buffers never do, so that such a thread, wherever it stands
// still, holds no part of their pool.
//
// room() and push() belong to the thread that writes, front() and pop() to the one that reads.
// push() releases a frame and front() acquires it; pop() releases its place and room() acquires it.
#pragma once

#include "dataplane/base/cacheline.h"
#include "dataplane/wire/ethernet.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace dialtone::io {

class FrameRing {
 public:
  static constexpr std::size_t kFrames = 256;

  FrameRing() : slots_(std::make_unique<Slot[]>(kFrames)) {}

  // Where the next frame goes, wire::kMaxFrame bytes; empty: the ring is full.
  std::span<std::byte> room() noexcept {
    const std::size_t at = written_.load(std::memory_order_relaxed);
    return at - read_.load(std::memory_order_acquire) == kFrames
               ? std::span<std::byte>()
               : std::span<std::byte>(slot(at).bytes);
  }
  // The first `length` bytes of room() are a frame.
  void push(std::size_t length) noexcept {
    const std::size_t at = written_.load(std::memory_order_relaxed);
    slot(at).length = static_cast<std::uint16_t>(length);
    written_.store(at + 1, std::memory_order_release);
  }

  // The oldest frame; empty: there is none.
  std::span<const std::byte> front() const noexcept {
    const std::size_t at = read_.load(std::memory_order_relaxed);
    return at == written_.load(std::memory_order_acquire)
               ? std::span<const std::byte>()
               : std::span<const std::byte>(slot(at).bytes).first(slot(at).length);
  }
  void pop() noexcept {
    read_.store(read_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }

 private:
  struct Slot {
    std::uint16_t length = 0;
    std::array<std::byte, wire::kMaxFrame> bytes{};
  };
  Slot& slot(std::size_t at) const noexcept { return slots_[at % kFrames]; }

  std::unique_ptr<Slot[]> slots_;  // touched here, by no worker for the first time
  alignas(kCacheLine) std::atomic<std::size_t> written_{0};
  alignas(kCacheLine) std::atomic<std::size_t> read_{0};
};

}  // namespace dialtone::io
