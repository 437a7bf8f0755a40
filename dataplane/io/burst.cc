// SPDX-License-Identifier: Apache-2.0
#include "dataplane/io/burst.h"

#include <rte_pause.h>

#include <algorithm>

namespace dialtone::io {
namespace {

// A NIC frees descriptors within microseconds; what does not fit after this many tries is lost to
// the client as any lost packet is, and comes again by retransmission.
constexpr int kTries = 16;

}  // namespace

std::uint16_t prepare_burst(QueuePair pair, rte_mbuf** buffers, std::uint16_t count) noexcept {
  std::uint16_t ready = 0;
  while (ready < count) {
    ready = static_cast<std::uint16_t>(
        ready + rte_eth_tx_prepare(pair.port, pair.queue, buffers + ready,
                                   static_cast<std::uint16_t>(count - ready)));
    if (ready < count) [[unlikely]] {
      rte_pktmbuf_free(buffers[ready]);
      --count;
      std::copy(buffers + ready + 1, buffers + count + 1, buffers + ready);
    }
  }
  return count;
}

std::uint16_t send_burst(QueuePair pair, rte_mbuf** buffers, std::uint16_t count) noexcept {
  std::uint16_t sent = 0;
  for (int tries = 0; sent < count && tries < kTries; ++tries) {
    if (tries > 0) {
      rte_pause();
    }
    sent = static_cast<std::uint16_t>(sent +
                                      rte_eth_tx_burst(pair.port, pair.queue, buffers + sent,
                                                       static_cast<std::uint16_t>(count - sent)));
  }
  if (sent < count) [[unlikely]] {
    rte_pktmbuf_free_bulk(buffers + sent, static_cast<unsigned>(count - sent));
  }
  return sent;
}

}  // namespace dialtone::io
