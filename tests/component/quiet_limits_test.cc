// SPDX-License-Identifier: Apache-2.0
//
// The same of what a worker does by the limits that control ships, over IPv6 and VLANs, for
// strangers, with one port for all, and at a drain deadline.
#include "dataplane/wire/neighbour.h"
#include "tests/component/quiet_workers.h"

#include <chrono>

namespace dialtone::test {
namespace {

// What a source is remembered by, what it may have, and where an answer goes back to.
TEST_F(QuietWorkers, ApplyTheShippedLimitsOverBothFamiliesAndVlansWithoutThem) {
  OfferClient control = connect();
  publish(control, limited_image(1, kOld));
  begin();
  EXPECT_EQ(fetch("one.bin", 50001).content, kOld);
  expect_counter("sources_proven", 1);
  const IpAddress group = wire::solicited_node(kServerAddress6);
  wire::NeighbourMessage solicitation{};
  solicitation.type = wire::kNeighbourSolicitation;
  solicitation.target.set(kServerAddress6);
  expect_answer(icmpv6_frame(wire::multicast_mac(group), kPhoneAddress6, group, 255,
                             {reinterpret_cast<const char*>(&solicitation), sizeof(solicitation)}),
                0);
  const auto tagged = [] { return Packet().tagged(0x88a8, 7).tagged(0x8100, 100).from_v6(50002); };
  wire_.send(tagged().rrq("one.bin").bytes(), 1);
  const auto first = wire_.receive();
  ASSERT_TRUE(first.has_value());
  const ReplyView data = parse_reply(*first);
  EXPECT_EQ(data.tags.size(), 8U);
  expect_answer(tagged().to_port(data.source_port).ack(1).bytes(), 0);
  expect_counter("sources_proven", 2);
  // A silent source gets two first packets from a worker; its third request waits.
  for (std::uint16_t port = 1; port <= 3; ++port) {
    wire_.send(Packet().from(kPhoneAddress + 1, 51000 + port).rrq("one.bin").bytes(), 1);
  }
  expect_counter("requests_held", 1);
  expect_counter("copies_withheld", 2);
  expect_none(end());
}

TEST_F(QuietWorkers, TurnStrangersAwayAndHearOfClosedPortsWithoutThem) {
  OfferClient control = connect();
  publish(control, limited_image(1, kOld));
  begin();
  wire_.send(Packet().from(kPhoneAddress, 50001).rrq("one.bin").bytes());
  const auto data = wire_.receive();
  ASSERT_TRUE(data.has_value());
  const std::uint16_t tid = parse_reply(*data).source_port;
  wire_.send(Packet().from(kPhoneAddress + 1, 50002).to_port(tid).ack(1).bytes(), 1);
  const auto error = wire_.receive();
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(parse_reply(*error).number, 5);
  std::string quote = std::string("\3\3", 2) + std::string(6, '\0') + data->substr(14, 28);
  const auto sum = static_cast<std::uint16_t>(~plain_sum(quote));
  quote[2] = static_cast<char>(sum >> 8);
  quote[3] = static_cast<char>(sum);
  wire_.send(ip_frame(wire::kProtocolIcmp, quote), 1);
  expect_counter("transfers_unreachable", 1);
  expect_none(end());
}

class QuietSinglePort : public QuietWorkers {
 protected:
  QuietSinglePort() : QuietWorkers({.single_port = true}) {}
};

TEST_F(QuietSinglePort, ServesWithoutThem) {
  OfferClient control = connect();
  publish(control, limited_image(1, kOld));
  begin();
  for (std::uint32_t queue : {0u, 1u, 2u, 3u}) {
    use_queues(queue & 1, queue >> 1);
    EXPECT_EQ(fetch("one.bin", static_cast<std::uint16_t>(50000 + queue)).content, kOld);
  }
  expect_none(end());
}

class QuietDrain : public QuietWorkers {
 protected:
  QuietDrain() : QuietWorkers({.drain_deadline = std::chrono::milliseconds(1)}) {}
};

TEST_F(QuietDrain, EndsTransfersWithoutThem) {
  OfferClient control = connect();
  publish(control, limited_image(1, kOld));
  begin();
  for (std::uint64_t generation = 2; generation <= 3; ++generation) {  // both stay in use
    const auto port = static_cast<std::uint16_t>(50000 + generation);
    const ReplyView first = request("one.bin", port);
    expect_answer(Packet().from(kPhoneAddress, port).to_port(first.source_port).ack(1).bytes(), 0);
    publish(control, limited_image(generation, kNew));
  }
  const SealedImage fourth = limited_image(4, kNew);
  control.send_all(fourth);
  const auto busy = control.reply();
  ASSERT_TRUE(busy.has_value());
  EXPECT_EQ(busy->header.type, abi::OfferType::kBusy);
  const auto retired = control.reply();
  ASSERT_TRUE(retired.has_value());
  EXPECT_EQ(retired->header.type, abi::OfferType::kRetired);
  expect_counter("transfers_drained", 1);
  expect_none(end());
}

}  // namespace
}  // namespace dialtone::test
