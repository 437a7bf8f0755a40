// SPDX-License-Identifier: Apache-2.0
//
// Requests in fragments, in the worker and in the table alone; and what somebody sends who means no
// good.
#include "dataplane/io/reassembly.h"

#include "dataplane/io/burst.h"
#include "dataplane/wire/udp.h"
#include "tests/component/dataplane_fixture.h"
#include "tests/support/fragments.h"

#include <rte_ip.h>

#include <algorithm>
#include <cstring>

namespace dialtone::test {
namespace {

constexpr std::uint32_t kMost = io::Reassembly::kMostHeld;
const std::string kContent(1300, 'x');

std::string request_frame(std::uint16_t port = 49152) {
  // Long enough for some pieces: the name, and options that are ignored.
  std::string options("x-padding\0", 10);
  options += std::string(200, 'p') + '\0';
  return Packet().from(kPhoneAddress, port).rrq("one.bin", "octet", options).bytes();
}

class Fragments : public Dataplane {
 protected:
  explicit Fragments(std::uint32_t workers = 1) : Dataplane({.workers = workers}) {}

  void serve_one_file() {
    control_.emplace(connect());
    publish(*control_, SealedImage(1, {{1, {{"one.bin", kContent}}}}, 2));
  }
  void send_all(const std::vector<std::string>& pieces) {
    for (const std::string& piece : pieces) {
      wire_.send(piece);
    }
  }
  ReplyView answer() {
    const auto frame = wire_.receive();
    ReplyView none;
    none.fault = "no answer";
    return frame ? parse_reply(*frame) : none;
  }
  // And of all that was sent before no more than `held` buffers are kept.
  void expect_service(std::uint32_t held = 0) {
    EXPECT_EQ(fetch("one.bin", 50001).content, kContent) << "service goes on";
    // The last ACK is under way, and pieces have a second.
    EXPECT_TRUE(comes_true([&] { return wire_.buffers_out() <= held; })) << wire_.buffers_out();
  }

  std::optional<OfferClient> control_;
};

TEST_F(Fragments, T13_Rfc791_ARequestInPiecesIsServed) {
  serve_one_file();
  const std::vector<std::string> pieces = fragments_of(request_frame(), 1, 48);
  ASSERT_GE(pieces.size(), 5u);
  send_all(pieces);
  EXPECT_EQ(finish(answer()).content, kContent);
  EXPECT_EQ(counter("fragments"), pieces.size());
  EXPECT_EQ(counter("datagrams_joined"), 1u);
  EXPECT_EQ(counter("fragments_dropped"), 0u);
}

TEST_F(Fragments, InAnyOrder) {
  serve_one_file();
  std::vector<std::string> pieces = fragments_of(request_frame(), 1, 80);
  ASSERT_EQ(pieces.size(), 3u);
  std::sort(pieces.begin(), pieces.end());
  std::uint16_t port = 49152;
  do {
    send_all(pieces);
    const ReplyView first = answer();
    EXPECT_EQ(first.fault, "");
    EXPECT_EQ(first.opcode, 3);
    EXPECT_EQ(finish(first, port).content, kContent);
  } while (std::next_permutation(pieces.begin(), pieces.end()));
  EXPECT_EQ(counter("datagrams_joined"), 6u);
}

TEST_F(Fragments, AFragmentedEchoIsAnsweredWhole) {
  const std::string whole = echo_request(std::string(1000, 'e'));
  send_all(fragments_of(whole, 9, 400));
  const auto reply = wire_.receive();
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->substr(42), whole.substr(42));
}

TEST_F(Fragments, T13_OfOneThatIsNeverCompleteAreGivenBackInTime) {
  serve_one_file();
  const std::vector<std::string> pieces = fragments_of(request_frame(), 1, 80);
  wire_.send(pieces[0]);
  EXPECT_EQ(counter_when("fragments_timed_out", 1), 1u);
  EXPECT_EQ(wire_.buffers_out(), 0u);
  wire_.send(pieces[1]);
  wire_.send(pieces[2]);
  EXPECT_EQ(counter_when("fragments", 3), 3u);
  EXPECT_FALSE(wire_.receive_now().has_value()) << "the first piece is gone";
}

TEST_F(Fragments, T13_S14_AHundredThousandThatAreNeverComplete) {
  serve_one_file();
  const std::string frame = request_frame();
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    const std::string whole = Packet().from(kPhoneAddress + i / 1000, 1024).rrq("one.bin").bytes();
    wire_.send(fragment_of(whole, static_cast<std::uint16_t>(i), i % 2 * 8, 8, true));
  }
  expect_service(kMost);
  EXPECT_EQ(counter("fragments"), 100'000u);
  const std::uint64_t dropped = counter("fragments_dropped");
  EXPECT_GE(dropped + counter("fragments_timed_out"), 100'000u - kMost);
  // When they have timed out there is room for honest ones.
  EXPECT_EQ(counter_when("fragments_timed_out", 100'000 - dropped), 100'000 - dropped);
  send_all(fragments_of(frame, 7, 120));
  EXPECT_EQ(finish(answer()).content, kContent);
  expect_service();
}

TEST_F(Fragments, T13_S14_PiecesThatOverlapGiveTheDatagramUp) {
  serve_one_file();
  const std::string frame = request_frame();
  std::uint16_t id = 0;
  for (const auto& [offset, length] : {std::pair{8, 200}, {112, 128}, {0, 248}, {120, 240}}) {
    ++id;
    wire_.send(fragment_of(frame, id, 0, 120, true));
    wire_.send(fragment_of(frame, id, static_cast<std::size_t>(offset),
                           static_cast<std::size_t>(length), true));
    wire_.send(fragment_of(frame, id, 120, 200, false));
  }
  EXPECT_EQ(counter_when("fragments", 12), 12u);
  EXPECT_FALSE(wire_.receive_now().has_value());
  EXPECT_EQ(counter("datagrams_joined"), 0u);
  expect_service();
}

TEST_F(Fragments, TinyPiecesAndTooManyOfThem) {
  serve_one_file();
  const std::vector<std::string> pieces = fragments_of(request_frame(), 3, 8);
  ASSERT_GT(pieces.size(), 20u);
  send_all(pieces);
  EXPECT_EQ(counter_when("fragments", pieces.size()), pieces.size());
  EXPECT_EQ(counter("datagrams_joined"), 0u);
  EXPECT_GT(counter("fragments_dropped"), 8u);
  expect_service(8);
}

TEST_F(Fragments, WhatNoFrameOfOursHoldsIsNotEvenKept) {
  serve_one_file();
  const std::string frame = request_frame();
  wire_.send(fragment_of(frame, 1, 65528, 1000, false));  // the Ping of Death
  wire_.send(fragment_of(frame, 2, 1480, 8, true));
  wire_.send(fragment_of(frame, 3, 8, 100, true));  // no multiple of 8
  wire_.send(fragment_of(frame, 4, 8, 0, false));
  EXPECT_EQ(counter_when("fragments_dropped", 4), 4u);
  expect_service();
}

TEST_F(Fragments, ALongRequestIsMalformedAsAWholeOneIs) {
  serve_one_file();
  const std::string whole = Packet().rrq(std::string(600, 'n')).bytes();
  send_all(fragments_of(whole, 1, 320));
  EXPECT_EQ(answer().opcode, 5);
  EXPECT_EQ(counter("requests_malformed"), 1u);
}

class FragmentsToTwo : public Fragments {
 protected:
  FragmentsToTwo() : Fragments(2) {}
};

TEST_F(FragmentsToTwo, AJoinedPacketGoesToItsOwnerAsOthersDo) {
  serve_one_file();
  const ReplyView first = request("one.bin", 50000);  // worker 0
  const std::string ack = Packet()
                              .from(kPhoneAddress, 50000)
                              .to_port(first.source_port)
                              .payload(std::string("\0\4\0\1", 4) + std::string(20, '\0'))
                              .bytes();
  for (const std::string& piece : fragments_of(ack, 5, 16)) {
    wire_.send(piece, 1);
  }
  const ReplyView second = answer();
  EXPECT_EQ(second.number, 2) << second.fault;
  EXPECT_EQ(wire_.received_from(), 0u);
  EXPECT_EQ(counter("frames_handed_off"), 1u);
}

// The table alone, for IPv6: two addresses, a fragment header, and bytes.
class Ipv6Fragments : public testing::Test {
 protected:
  Ipv6Fragments()
      : pool_(rte_pktmbuf_pool_create("fragments", 63, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE,
                                      SOCKET_ID_ANY)),
        table_(std::move(*io::Reassembly::make(TickRate(kSecond)))) {}
  ~Ipv6Fragments() override {
    table_.reset();
    EXPECT_EQ(rte_mempool_in_use_count(pool_), 0u) << "what it held is given back with the table";
    rte_mempool_free(pool_);
  }

  static constexpr Ticks kSecond = 1'000'000'000;

  static constexpr std::uint8_t kEthernet = 14;
  static constexpr std::uint8_t kHeaders = sizeof(rte_ipv6_hdr) + sizeof(rte_ipv6_fragment_ext);

  rte_mbuf* piece(std::uint32_t id, std::uint16_t offset, std::string_view bytes, bool more,
                  std::uint8_t first_header = IPPROTO_FRAGMENT) {
    rte_mbuf* buffer = rte_pktmbuf_alloc(pool_);
    char* data =
        rte_pktmbuf_append(buffer, static_cast<std::uint16_t>(kEthernet + kHeaders + bytes.size()));
    std::memset(data, 0, kEthernet + kHeaders);
    auto* ip = reinterpret_cast<rte_ipv6_hdr*>(data + kEthernet);
    ip->vtc_flow = RTE_BE32(0x60000000);
    ip->payload_len =
        rte_cpu_to_be_16(static_cast<std::uint16_t>(bytes.size() + sizeof(rte_ipv6_fragment_ext)));
    ip->proto = first_header;
    ip->src_addr[15] = 1;
    ip->dst_addr[15] = 2;
    auto* header = reinterpret_cast<rte_ipv6_fragment_ext*>(ip + 1);
    header->next_header = IPPROTO_UDP;
    header->frag_data = rte_cpu_to_be_16(static_cast<std::uint16_t>(offset | (more ? 1 : 0)));
    header->id = rte_cpu_to_be_32(id);
    std::memcpy(data + kEthernet + kHeaders, bytes.data(), bytes.size());
    return buffer;
  }
  io::Reassembly::Joined add(rte_mbuf* buffer, Ticks now = 1) {
    return table_->add(buffer, kEthernet, kHeaders, now);
  }

  static void expect_datagram(rte_mbuf* whole, std::string_view bytes) {
    ASSERT_NE(whole, nullptr);
    EXPECT_EQ(whole->nb_segs, 1);
    const std::string frame(rte_pktmbuf_mtod(whole, const char*), rte_pktmbuf_data_len(whole));
    const auto* ip = reinterpret_cast<const rte_ipv6_hdr*>(frame.data() + kEthernet);
    EXPECT_EQ(ip->proto, IPPROTO_UDP) << "the fragment header is gone";
    EXPECT_EQ(rte_be_to_cpu_16(ip->payload_len), bytes.size());
    EXPECT_EQ(frame.substr(kEthernet + sizeof(*ip)), bytes);
    EXPECT_GE(io::frame_capacity(whole), wire::kMaxFrame);
    rte_pktmbuf_free(whole);
  }

  rte_mempool* pool_;
  std::optional<io::Reassembly> table_;
};

TEST_F(Ipv6Fragments, AreJoined) {
  const std::string bytes = std::string(600, 'a') + std::string(500, 'b');
  EXPECT_EQ(add(piece(7, 600, bytes.substr(600), false)).datagram, nullptr);
  EXPECT_EQ(table_->held(), 1u);
  expect_datagram(add(piece(7, 0, bytes.substr(0, 600), true)).datagram, bytes);
  EXPECT_EQ(table_->held(), 0u);
}

TEST_F(Ipv6Fragments, ADatagramInOnePieceIsWhole) {
  expect_datagram(add(piece(7, 0, "all of it", false)).datagram, "all of it");
}

TEST_F(Ipv6Fragments, OtherHeadersBeforeTheirsAreRefused) {
  const io::Reassembly::Joined joined = add(piece(7, 0, std::string(16, 'x'), true, 0));
  EXPECT_EQ(joined.datagram, nullptr);
  EXPECT_EQ(joined.dropped, 1u);
}

TEST_F(Ipv6Fragments, OverlapTimeOutAndSize) {
  const std::string bytes(16, 'x');
  EXPECT_EQ(add(piece(1, 0, bytes, true)).dropped, 0u);
  EXPECT_EQ(add(piece(1, 8, bytes, true)).dropped, 0u);
  EXPECT_EQ(add(piece(1, 24, bytes, false)).dropped, 3u) << "40 bytes of which 8 came twice";
  EXPECT_EQ(add(piece(2, 1480, bytes, false)).dropped, 1u) << "more than a frame holds";
  EXPECT_EQ(add(piece(3, 0, bytes, true), kSecond).dropped, 0u);
  EXPECT_EQ(table_->expire(kSecond + kSecond / 2), 0u);
  EXPECT_EQ(table_->expire(3 * kSecond), 1u);
  EXPECT_EQ(table_->held(), 0u);
}

TEST_F(Ipv6Fragments, WhatIsHeldIsGivenBackWithTheTable) {
  EXPECT_EQ(add(piece(1, 0, "12345678", true)).dropped, 0u);
  EXPECT_EQ(rte_mempool_in_use_count(pool_), 1u);
}

}  // namespace
}  // namespace dialtone::test
