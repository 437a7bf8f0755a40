// SPDX-License-Identifier: Apache-2.0
//
// Checksums that the port computes: what it has found of a received frame, and what it is asked to
// fill in of one that is sent. Hot; the worker's thread.
#pragma once

#include "dataplane/io/burst.h"

#include <rte_ether.h>
#include <rte_ip.h>
#include <rte_udp.h>

#include <cstdint>

namespace dialtone::io {

// Only this one word of the port's is trusted. "None" and "unknown" say nothing, and what it calls
// bad is looked at again.
inline bool udp_checksum_good(const rte_mbuf* buffer) noexcept {
  return (buffer->ol_flags & RTE_MBUF_F_RX_L4_CKSUM_MASK) == RTE_MBUF_F_RX_L4_CKSUM_GOOD;
}

// For a frame whose IP packet begins after `l2_length` bytes and its payload `l3_length` later. UDP
// over IPv4 and IPv6, and the header of any other IPv4; frames of no IP are left alone.
inline void ask_checksums(rte_mbuf* buffer, std::uint8_t l2_length,
                          std::uint8_t l3_length) noexcept {
  const std::byte* packet = frame_data(buffer) + l2_length;
  const std::uint16_t type = *reinterpret_cast<const rte_be16_t*>(packet - sizeof(rte_be16_t));
  std::uint8_t protocol = 0;
  if (type == RTE_BE16(RTE_ETHER_TYPE_IPV4)) {
    protocol = reinterpret_cast<const rte_ipv4_hdr*>(packet)->next_proto_id;
    buffer->ol_flags |= RTE_MBUF_F_TX_IPV4 | RTE_MBUF_F_TX_IP_CKSUM;
  } else if (type == RTE_BE16(RTE_ETHER_TYPE_IPV6)) {
    protocol = reinterpret_cast<const rte_ipv6_hdr*>(packet)->proto;
    buffer->ol_flags |= RTE_MBUF_F_TX_IPV6;
  } else {
    return;
  }
  buffer->tx_offload = 0;
  buffer->l2_len = l2_length;
  buffer->l3_len = l3_length;
  if (protocol == IPPROTO_UDP) {
    buffer->ol_flags |= RTE_MBUF_F_TX_UDP_CKSUM;
    buffer->l4_len = sizeof(rte_udp_hdr);
  }
}

}  // namespace dialtone::io
