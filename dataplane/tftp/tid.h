// SPDX-License-Identifier: Apache-2.0
//
// Server transfer ports (RFC 1350 section 4, TIDs). The upper half of the ports; the bits say which
// worker owns the transfer, and what its client's keyed hash begins with:
//
//   15          14 .. 15-worker_bits    14-worker_bits .. 0
//   1           worker                  first bits of the hash
//
// So a client has one port, a repeated request finds it again, and a packet to any other port is a
// stranger's before any memory is looked at.
//
// In single-port mode all transfers use the server's own port, which names no worker: the client's
// hash does. Values; any thread.
#pragma once

#include "dataplane/base/check.h"

#include <cstdint>

namespace dialtone::tftp {

inline constexpr std::uint16_t kServerPort = 69;
inline constexpr std::uint16_t kFirstTransferPort = 0x8000;
inline constexpr std::uint32_t kMaxWorkerBits = 6;  // leaves 512 ports a worker

// Which of `workers` has the client with this hash, in single-port mode. By its last bits: the
// first ones choose a bucket.
constexpr std::uint32_t worker_of_client(std::uint64_t client_hash,
                                         std::uint32_t workers) noexcept {
  return static_cast<std::uint32_t>((client_hash & 0xffffffff) * workers >> 32);
}

class TidLayout {
 public:
  TidLayout(std::uint32_t worker, std::uint32_t worker_bits) noexcept
      : hash_bits_(15 - worker_bits),
        hash_mask_(static_cast<std::uint16_t>((1u << hash_bits_) - 1)),
        base_(static_cast<std::uint16_t>(kFirstTransferPort | worker << (15 - worker_bits))) {
    DIALTONE_CHECK(worker_bits <= kMaxWorkerBits && worker >> worker_bits == 0);
  }

  static TidLayout single_port() noexcept {
    TidLayout layout(0, 0);
    layout.hash_mask_ = 0;
    layout.base_ = kServerPort;
    return layout;
  }

  bool is_single_port() const noexcept { return base_ == kServerPort; }

  std::uint16_t port(std::uint64_t client_hash) const noexcept {
    return static_cast<std::uint16_t>(base_ | (client_hash >> (64 - hash_bits_) & hash_mask_));
  }
  bool is_ours(std::uint16_t port) const noexcept { return (port & ~hash_mask_) == base_; }
  // Of a transfer port of any worker.
  std::uint32_t worker_of(std::uint16_t port) const noexcept {
    return (port & (kFirstTransferPort - 1u)) >> hash_bits_;
  }

 private:
  std::uint32_t hash_bits_;
  std::uint16_t hash_mask_;
  std::uint16_t base_;
};

}  // namespace dialtone::tftp
