// SPDX-License-Identifier: Apache-2.0
//
// Joins IPv4 and IPv6 fragments to whole datagrams in one buffer (RFC 791, RFC 8200 4.5) within a
// fixed memory: kDatagrams at a time, of at most 8 pieces each, each given up kTimeoutMs after its
// first piece. When all places are taken, pieces of further datagrams are dropped. What cannot
// become a frame of ours is dropped at once: pieces that end behind it, that are empty or no
// multiple of 8 bytes long; and a datagram of which two pieces overlap is given up whole, as
// RFC 8200 demands.
//
// One worker's; hot calls belong to its thread.
#pragma once

#include "dataplane/base/result.h"
#include "dataplane/base/tsc_clock.h"

#include <rte_config.h>

#include <cstdint>
#include <memory>

struct rte_ip_frag_death_row;
struct rte_ip_frag_tbl;
struct rte_mbuf;

namespace dialtone::io {

class Reassembly {
 public:
  static constexpr std::uint32_t kDatagrams = 64;
  static constexpr std::uint32_t kMostHeld = kDatagrams * RTE_LIBRTE_IP_FRAG_MAX_FRAG;
  // A phone sends all pieces within a millisecond.
  static constexpr std::uint64_t kTimeoutMs = 1000;

  static Result<Reassembly> make(TickRate rate);

  Reassembly(Reassembly&&) noexcept;
  Reassembly& operator=(Reassembly&&) = delete;
  ~Reassembly();  // gives back what it holds

  // A piece whose IP packet begins after `l2_length` bytes; `l3_length` later, behind IPv6's
  // fragment header too, begins what it carries. Headers are checked: lengths fit, it is a
  // fragment. Takes the buffer.
  struct Joined {
    rte_mbuf* datagram;     // whole now, and the caller's; else null
    std::uint32_t dropped;  // pieces given back
  };
  Joined add(rte_mbuf* piece, std::uint8_t l2_length, std::uint8_t l3_length, Ticks now) noexcept;

  // Once in each turn: gives up what has waited too long, and says how many pieces that were.
  std::uint32_t expire(Ticks now) noexcept { return held_ == 0 ? 0 : give_up_old(now); }

  std::uint32_t held() const noexcept { return held_; }  // at most kMostHeld

 private:
  struct DestroyTable {
    void operator()(rte_ip_frag_tbl* table) const noexcept;
  };

  explicit Reassembly(rte_ip_frag_tbl* table);
  // These give the whole datagram, or null.
  rte_mbuf* add_ipv4(rte_mbuf* piece, Ticks now) noexcept;
  rte_mbuf* add_ipv6(rte_mbuf* piece, Ticks now) noexcept;
  rte_mbuf* refuse(rte_mbuf* piece) noexcept;
  std::uint32_t give_up_old(Ticks now) noexcept;
  std::uint32_t free_row() noexcept;

  std::unique_ptr<rte_ip_frag_tbl, DestroyTable> table_;
  std::unique_ptr<rte_ip_frag_death_row> row_;  // pieces that the library wants given back
  std::uint32_t held_ = 0;
};

}  // namespace dialtone::io
