// SPDX-License-Identifier: Apache-2.0
//
// An emulated phone: plain RFC 1350 from an address of its own, one file, each block compared with
// the origin. Where the file changes meanwhile there are two origins, and a transfer has to be one
// of them from begin to end. Its frames are ready made but for ports, block and checksum. Nothing
// in here waits, allocates or knows of DPDK; one thread.
#pragma once

#include "dataplane/base/tsc_clock.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace dialtone::limit {

inline constexpr std::size_t kBlock = 512;
inline constexpr std::size_t kAckFrame = 60;  // the least that a link carries
inline constexpr std::size_t kDataFrame = 14 + 20 + 8 + 4 + kBlock;  // 558

// What a received frame was to its phone.
enum class Step : std::uint8_t {
  kNext,   // the frame now holds what the phone sends next, and an answer will come
  kLast,   // the frame now holds the last ACK: the file is there
  kStray,  // not what it waits for: late, or doubled
  kBad,    // content that is not the origin's, or of one origin behind the other's
  kError,  // an ERROR: the server refuses
};

class Phone {
 public:
  // `content` outlives the phone; `name` is what it asks for.
  Phone(std::uint32_t number, const std::string& name, std::span<const std::byte> content);
  // What its file becomes, and ceases to be again; outlives the phone too.
  void set_changed(std::span<const std::byte> content) noexcept { changed_ = content; }

  // Begins a transfer from another port than the one before; returns the frame's length.
  std::uint16_t write_request(std::byte* frame) noexcept;
  // The frame's answer is written over it; its length becomes kAckFrame.
  Step on_frame(std::byte* frame, std::size_t length) noexcept;

  // What on_frame() and renew_probe() will read.
  void prefetch() const noexcept {
    __builtin_prefetch(&ack_);
    __builtin_prefetch(&block_);
    const std::byte* next = content_.data() + (block_ == 0 ? 0 : (block_ - 1) * kBlock);
    for (std::size_t at = 0; at < kBlock; at += 64) {
      __builtin_prefetch(next + at);
    }
  }

  // For a forwarder: a frame of this size that carries the phone's first block as far as it goes.
  void write_probe(std::byte* frame, std::size_t size) const noexcept;
  // Compares what came back and addresses it anew. False: it is not what was sent.
  bool renew_probe(std::byte* frame, std::size_t size) const noexcept;

  Ticks began_at = 0;        // the request of its transfer; the caller's
  Ticks sent_at = 0;         // the frame that it waits for an answer to; the caller's
  std::uint32_t serial = 0;  // of that frame; the caller's
  bool waits = false;
  bool begins = false;  // its request is not sent yet; the caller's

 private:
  static constexpr std::size_t kRequestRoom = 96;
  // What the transfer may still be, of the two.
  static constexpr std::uint8_t kFirst = 1;
  static constexpr std::uint8_t kChanged = 2;

  std::span<const std::byte> content_;
  std::span<const std::byte> changed_;  // none: the file stays as it is
  std::array<std::byte, kAckFrame> ack_{};
  std::array<std::byte, kRequestRoom> request_{};
  std::uint16_t request_length_ = 0;
  std::uint16_t port_;
  std::uint16_t block_ = 0;  // that comes next
  std::uint8_t may_be_ = 0;
  std::uint64_t ack_sum_ = 0;  // of what the UDP checksum covers, without ports and block
  std::uint64_t request_sum_ = 0;
};

// Which phone a frame is for, by its destination; `count` when it is for none.
std::uint32_t phone_of(const std::byte* frame, std::size_t length, std::uint32_t count) noexcept;

// The address that the phones ask; its MAC is the one that the dataplane derives from it.
inline constexpr std::uint32_t kServerAddress = 0x0a4d0001;  // 10.77.0.1

}  // namespace dialtone::limit
