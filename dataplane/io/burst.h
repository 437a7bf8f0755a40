// SPDX-License-Identifier: Apache-2.0
//
// What a worker does with its queue pair: take a burst, read and write frames in the buffers that
// came in, send, give back. Hot; the worker's thread only; frames are without the frame check
// sequence.
#pragma once

#include "dataplane/wire/ethernet.h"

#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_prefetch.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace dialtone::io {

inline constexpr std::uint16_t kBurst = 32;

// The receive and the transmit queue of one worker.
struct QueuePair {
  std::uint16_t port;
  std::uint16_t queue;
};

inline std::byte* frame_data(rte_mbuf* buffer) noexcept {
  return rte_pktmbuf_mtod(buffer, std::byte*);
}

// Bytes that a frame in this buffer may have.
inline std::uint16_t frame_capacity(const rte_mbuf* buffer) noexcept {
  const auto room = static_cast<std::uint16_t>(buffer->buf_len - buffer->data_off);
  return std::min<std::uint16_t>(room, wire::kMaxFrame);
}

inline void set_frame_length(rte_mbuf* buffer, std::uint16_t length) noexcept {
  buffer->data_len = length;
  buffer->pkt_len = length;
}

// Copies a frame of at most wire::kMaxFrame bytes in, with zeros up to the least one.
inline void write_frame(rte_mbuf* buffer, std::span<const std::byte> frame) noexcept {
  std::byte* end = std::copy(frame.begin(), frame.end(), frame_data(buffer));
  const std::size_t length = std::max(frame.size(), wire::kMinFrame);
  std::fill_n(end, length - frame.size(), std::byte{0});
  set_frame_length(buffer, static_cast<std::uint16_t>(length));
}

// At most kBurst frames. What a driver delivers in pieces, or with no room for an answer, is given
// back here: no port of ours asks for such buffers.
inline std::uint16_t receive_burst(QueuePair pair, rte_mbuf** buffers) noexcept {
  const std::uint16_t received = rte_eth_rx_burst(pair.port, pair.queue, buffers, kBurst);
  std::uint16_t kept = 0;
  for (std::uint16_t i = 0; i < received; ++i) {
    rte_mbuf* buffer = buffers[i];
    if (buffer->nb_segs != 1 || frame_capacity(buffer) < wire::kMaxFrame) [[unlikely]] {
      rte_pktmbuf_free(buffer);
      continue;
    }
    rte_prefetch0(frame_data(buffer));
    buffers[kept++] = buffer;
  }
  return kept;
}

// For a port that computes checksums, once before frames are sent: it checks them, and sets what it
// wants to find there. Frames that it refuses are given back; returns how many are left.
std::uint16_t prepare_burst(QueuePair pair, rte_mbuf** buffers, std::uint16_t count) noexcept;

// Sends what the ring has room for; returns how many went out. The rest stays the caller's.
inline std::uint16_t try_send_burst(QueuePair pair, rte_mbuf** buffers,
                                    std::uint16_t count) noexcept {
  return rte_eth_tx_burst(pair.port, pair.queue, buffers, count);
}

// Sends; a full ring is asked again a few times, then the rest is given back. Returns how many went
// out.
std::uint16_t send_burst(QueuePair pair, rte_mbuf** buffers, std::uint16_t count) noexcept;

}  // namespace dialtone::io
