// SPDX-License-Identifier: Apache-2.0
//
// Server transfer ports (RFC 1350 section 4, TIDs). The upper half of the ports; the bits say which
// worker owns the transfer and in which bucket of that worker's table it is:
//
//   15          14 .. 15-worker_bits    14-worker_bits .. 0
//   1           worker                  bucket
//
// Values; any thread.
#pragma once

#include "dataplane/base/check.h"

#include <cstdint>

namespace dialtone::tftp {

inline constexpr std::uint16_t kServerPort = 69;
inline constexpr std::uint16_t kFirstTransferPort = 0x8000;
inline constexpr std::uint32_t kMaxWorkerBits = 6;  // leaves 512 buckets a worker

class TidLayout {
 public:
  TidLayout(std::uint32_t worker, std::uint32_t worker_bits) noexcept
      : bucket_bits_(15 - worker_bits),
        base_(static_cast<std::uint16_t>(kFirstTransferPort | worker << (15 - worker_bits))) {
    DIALTONE_CHECK(worker_bits <= kMaxWorkerBits && worker >> worker_bits == 0);
  }

  std::uint32_t bucket_bits() const noexcept { return bucket_bits_; }
  std::uint32_t bucket_count() const noexcept { return 1u << bucket_bits_; }

  std::uint16_t port(std::uint32_t bucket) const noexcept {
    return static_cast<std::uint16_t>(base_ | bucket);
  }
  bool is_ours(std::uint16_t port) const noexcept {
    return port >> bucket_bits_ == base_ >> bucket_bits_;
  }
  // Of a transfer port of any worker.
  std::uint32_t worker_of(std::uint16_t port) const noexcept {
    return (port & (kFirstTransferPort - 1u)) >> bucket_bits_;
  }
  std::uint32_t bucket(std::uint16_t port) const noexcept { return port & (bucket_count() - 1); }

 private:
  std::uint32_t bucket_bits_;
  std::uint16_t base_;
};

}  // namespace dialtone::tftp
