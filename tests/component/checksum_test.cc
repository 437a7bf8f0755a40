// SPDX-License-Identifier: Apache-2.0
//
// What a port is asked to compute for each kind of frame, and what of its word is believed.
#include "dataplane/io/checksum.h"

#include "dataplane/wire/ethernet.h"
#include "tests/support/packet_builder.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>

namespace dialtone::test {
namespace {

constexpr std::uint64_t kTxFlags =
    RTE_MBUF_F_TX_IPV4 | RTE_MBUF_F_TX_IPV6 | RTE_MBUF_F_TX_IP_CKSUM | RTE_MBUF_F_TX_L4_MASK;

class Checksums : public testing::Test {
 protected:
  Checksums()
      : pool_(rte_pktmbuf_pool_create("checksums", 31, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE,
                                      SOCKET_ID_ANY)),
        buffer_(rte_pktmbuf_alloc(pool_)) {}
  ~Checksums() override { rte_mempool_free(pool_); }

  std::uint64_t asked(std::string_view frame, std::uint8_t l2 = 14, std::uint8_t l3 = 20) {
    std::memcpy(rte_pktmbuf_mtod(buffer_, char*), frame.data(), frame.size());
    buffer_->ol_flags = RTE_MBUF_F_RX_IP_CKSUM_GOOD;
    io::ask_checksums(buffer_, l2, l3);
    return buffer_->ol_flags & kTxFlags;
  }

  rte_mempool* pool_;
  rte_mbuf* buffer_;
};

TEST_F(Checksums, UdpOverIpv4GetsBoth) {
  EXPECT_EQ(asked(Packet().ack(1).bytes()),
            RTE_MBUF_F_TX_IPV4 | RTE_MBUF_F_TX_IP_CKSUM | RTE_MBUF_F_TX_UDP_CKSUM);
  EXPECT_EQ(buffer_->l2_len, 14u);
  EXPECT_EQ(buffer_->l3_len, 20u);
  EXPECT_EQ(buffer_->l4_len, 8u);
}

TEST_F(Checksums, AnEchoReplyGetsThatOfItsHeaderOnly) {
  EXPECT_EQ(asked(echo_request("x")), RTE_MBUF_F_TX_IPV4 | RTE_MBUF_F_TX_IP_CKSUM);
}

TEST_F(Checksums, ArpGetsNone) {
  EXPECT_EQ(asked(arp_request(kServerAddress)), 0u);
}

TEST_F(Checksums, Ipv6HasNoHeaderChecksum) {
  std::string frame = Packet().ack(1).bytes();
  frame[12] = '\x86';
  frame[13] = '\xdd';
  frame[14 + 6] = IPPROTO_UDP;
  EXPECT_EQ(asked(frame, 14, 40), RTE_MBUF_F_TX_IPV6 | RTE_MBUF_F_TX_UDP_CKSUM);
  EXPECT_EQ(buffer_->l3_len, 40u);
  frame[14 + 6] = IPPROTO_ICMPV6;
  EXPECT_EQ(asked(frame, 14, 40), RTE_MBUF_F_TX_IPV6);
}

TEST_F(Checksums, TheTypeStandsBehindAVlanTag) {
  std::string frame = Packet().ack(1).bytes();
  frame.insert(12, std::string("\x81\x00\x00\x07", 4));
  EXPECT_EQ(asked(frame, 18),
            RTE_MBUF_F_TX_IPV4 | RTE_MBUF_F_TX_IP_CKSUM | RTE_MBUF_F_TX_UDP_CKSUM);
  EXPECT_EQ(buffer_->l2_len, 18u);
}

TEST_F(Checksums, OnlyGoodIsBelieved) {
  const auto believed = [&](std::uint64_t flags) {
    buffer_->ol_flags = flags;
    return io::udp_checksum_good(buffer_);
  };
  EXPECT_TRUE(believed(RTE_MBUF_F_RX_L4_CKSUM_GOOD));
  EXPECT_FALSE(believed(RTE_MBUF_F_RX_L4_CKSUM_UNKNOWN));
  EXPECT_FALSE(believed(RTE_MBUF_F_RX_L4_CKSUM_BAD));
  EXPECT_FALSE(believed(RTE_MBUF_F_RX_L4_CKSUM_NONE)) << "both bits";
  EXPECT_FALSE(believed(RTE_MBUF_F_RX_IP_CKSUM_GOOD));
}

}  // namespace
}  // namespace dialtone::test
