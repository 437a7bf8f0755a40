// SPDX-License-Identifier: Apache-2.0
//
// The one file that may use an experimental call of DPDK: without the one that deletes expired
// entries, pieces would stay until another datagram wants their place.
#define ALLOW_EXPERIMENTAL_API
#include "dataplane/io/reassembly.h"

#include "dataplane/io/burst.h"
#include "dataplane/wire/checksum.h"
#include "dataplane/wire/vlan.h"

#include <rte_ip.h>
#include <rte_ip_frag.h>

#include <cstring>

namespace dialtone::io {
namespace {

// The table has room for eight times the datagrams, so that few keys find all their places taken.
constexpr std::uint32_t kBuckets = Reassembly::kDatagrams;
constexpr std::uint32_t kBucketEntries = 4;
constexpr std::uint32_t kPrefetch = 3;

constexpr std::uint8_t kIpv6Version = 6;

struct Piece {
  std::uint32_t offset;
  std::int32_t length;  // behind all headers
  bool last;
};

Piece piece_of(const rte_ipv4_hdr& ip, std::uint32_t l3_length) {
  const std::uint16_t field = rte_be_to_cpu_16(ip.fragment_offset);
  return {(field & RTE_IPV4_HDR_OFFSET_MASK) * std::uint32_t{RTE_IPV4_HDR_OFFSET_UNITS},
          rte_be_to_cpu_16(ip.total_length) - static_cast<std::int32_t>(l3_length),
          (field & RTE_IPV4_HDR_MF_FLAG) == 0};
}

Piece piece_of(const rte_ipv6_hdr& ip, const rte_ipv6_fragment_ext& fragment) {
  const std::uint16_t field = rte_be_to_cpu_16(fragment.frag_data);
  return {field & static_cast<std::uint32_t>(RTE_IPV6_EHDR_FO_MASK),
          rte_be_to_cpu_16(ip.payload_len) - static_cast<std::int32_t>(sizeof(fragment)),
          (field & RTE_IPV6_EHDR_MF_MASK) == 0};
}

constexpr std::uint32_t kMaxPacket =
    wire::kMaxFrame - sizeof(wire::EthernetHeader) - wire::kMaxTags * wire::kTagLength;

// Whether a packet that a frame of ours holds could come of it.
bool fits(const Piece& piece, std::uint32_t l3_length) {
  return piece.length > 0 && (piece.last || piece.length % 8 == 0) &&
         l3_length + piece.offset + static_cast<std::uint32_t>(piece.length) <= kMaxPacket;
}

// A datagram in one piece that has a fragment header all the same (RFC 6946).
void take_header_out(rte_mbuf* piece, rte_ipv6_hdr& ip, const rte_ipv6_fragment_ext& header) {
  ip.proto = header.next_header;
  ip.payload_len = rte_cpu_to_be_16(
      static_cast<std::uint16_t>(rte_be_to_cpu_16(ip.payload_len) - sizeof(header)));
  std::byte* begin = frame_data(piece);
  std::memmove(begin + sizeof(header), begin, piece->l2_len + sizeof(ip));
  rte_pktmbuf_adj(piece, sizeof(header));
}

}  // namespace

void Reassembly::DestroyTable::operator()(rte_ip_frag_tbl* table) const noexcept {
  rte_ip_frag_table_destroy(table);
}

Result<Reassembly> Reassembly::make(TickRate rate) {
  rte_ip_frag_tbl* table = rte_ip_frag_table_create(kBuckets, kBucketEntries, kDatagrams,
                                                    rate.from_us(kTimeoutMs * 1000), SOCKET_ID_ANY);
  if (table == nullptr) {
    return failed("no memory for the table of fragments; raise memory_mb");
  }
  return Reassembly(table);
}

Reassembly::Reassembly(rte_ip_frag_tbl* table)
    : table_(table), row_(std::make_unique<rte_ip_frag_death_row>()) {}
Reassembly::Reassembly(Reassembly&&) noexcept = default;
Reassembly::~Reassembly() = default;

Reassembly::Joined Reassembly::add(rte_mbuf* piece, std::uint8_t l2_length, std::uint8_t l3_length,
                                   Ticks now) noexcept {
  piece->l2_len = l2_length;
  piece->l3_len = l3_length;
  ++held_;
  const auto* ip = rte_pktmbuf_mtod_offset(piece, const rte_ipv4_hdr*, l2_length);
  rte_mbuf* datagram =
      ip->version_ihl >> 4 == kIpv6Version ? add_ipv6(piece, now) : add_ipv4(piece, now);
  const std::uint32_t dropped = free_row();
  if (datagram == nullptr) {
    return {nullptr, dropped};
  }
  const std::uint32_t pieces = datagram->nb_segs;
  held_ -= pieces;
  if (rte_pktmbuf_linearize(datagram) != 0) {
    rte_pktmbuf_free(datagram);
    return {nullptr, dropped + pieces};
  }
  // What a port found of the first piece does not hold for the whole.
  datagram->ol_flags &= ~RTE_MBUF_F_RX_L4_CKSUM_MASK;
  return {datagram, dropped};
}

rte_mbuf* Reassembly::add_ipv4(rte_mbuf* piece, Ticks now) noexcept {
  auto* ip = rte_pktmbuf_mtod_offset(piece, rte_ipv4_hdr*, piece->l2_len);
  if (!fits(piece_of(*ip, piece->l3_len), piece->l3_len)) {
    return refuse(piece);
  }
  rte_mbuf* datagram = rte_ipv4_frag_reassemble_packet(table_.get(), row_.get(), piece, now, ip);
  if (datagram != nullptr) {  // the checksum of its header is left to us
    ip = rte_pktmbuf_mtod_offset(datagram, rte_ipv4_hdr*, datagram->l2_len);
    ip->hdr_checksum = 0;
    ip->hdr_checksum = wire::finish(
        wire::sum_bytes({reinterpret_cast<const std::byte*>(ip), rte_ipv4_hdr_len(ip)}));
  }
  return datagram;
}

rte_mbuf* Reassembly::add_ipv6(rte_mbuf* piece, Ticks now) noexcept {
  auto* ip = rte_pktmbuf_mtod_offset(piece, rte_ipv6_hdr*, piece->l2_len);
  auto* header = rte_ipv6_frag_get_ipv6_fragment_header(ip);
  // The library knows this header only right behind the first one.
  if (header == nullptr || piece->l3_len != sizeof(*ip) + sizeof(*header)) {
    return refuse(piece);
  }
  const Piece place = piece_of(*ip, *header);
  if (!fits(place, piece->l3_len)) {
    return refuse(piece);
  }
  if (place.offset == 0 && place.last) {
    take_header_out(piece, *ip, *header);
    return piece;
  }
  return rte_ipv6_frag_reassemble_packet(table_.get(), row_.get(), piece, now, ip, header);
}

rte_mbuf* Reassembly::refuse(rte_mbuf* piece) noexcept {
  row_->row[row_->cnt++] = piece;
  return nullptr;
}

std::uint32_t Reassembly::free_row() noexcept {
  // Pieces that the library has begun to join, before it found a hole, are in one chain.
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i < row_->cnt; ++i) {
    count += row_->row[i]->nb_segs;
  }
  rte_ip_frag_free_death_row(row_.get(), kPrefetch);
  held_ -= count;
  return count;
}

std::uint32_t Reassembly::give_up_old(Ticks now) noexcept {
  std::uint32_t all = 0;
  // The row has no room for all that the table may hold.
  for (std::uint32_t count = 1; count != 0;) {
    rte_ip_frag_table_del_expired_entries(table_.get(), row_.get(), now);
    count = free_row();
    all += count;
  }
  return all;
}

}  // namespace dialtone::io
