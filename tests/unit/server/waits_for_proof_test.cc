// SPDX-License-Identifier: Apache-2.0
//
// Clients behind an address that is new: who waits until one of them has acknowledged something.
#include "tests/unit/server/admitted.h"

namespace dialtone::server {
namespace {

using test::Admitted;
using test::kPhoneAddress;
using test::Packet;
using test::ReplyView;

TEST_F(Admitted, ManyPhonesBehindOneAddressAreFreeOnceOneHasAnsweredS24) {
  serve_limited({.max_sessions = 2000});
  EXPECT_TRUE(asks(kPhoneAddress, 1000));
  EXPECT_TRUE(asks(kPhoneAddress, 1001));
  EXPECT_FALSE(asks(kPhoneAddress, 1002)) << "nobody has answered yet";
  const ReplyView reply = server->ask(rrq(kPhoneAddress + 1, 1000));  // learns nothing from others
  server->send(Packet().from(kPhoneAddress + 1, 1000).to_port(reply.source_port).ack(1));
  EXPECT_FALSE(asks(kPhoneAddress, 1002));
  server->now += 4 * test::kTicksPerSecond;
  prove(kPhoneAddress, 1002);
  for (std::uint16_t port = 2000; port < 3800; ++port) {
    ASSERT_TRUE(asks(kPhoneAddress, port)) << port;
  }
  server->now += test::kTicksPerSecond / 2;
  EXPECT_GT(server->count(Counter::kSessionsUnanswered), 1800U);
}

TEST_F(Admitted, ClientsBehindAnAddressThatIsNewWaitForTheFirstToAcknowledge) {
  serve_limited({.max_parked = 64});
  const ReplyView first = server->ask(rrq(kPhoneAddress, 1001));
  EXPECT_TRUE(asks(kPhoneAddress, 1002));
  for (std::uint16_t port = 1003; port < 1009; ++port) {
    EXPECT_FALSE(asks(kPhoneAddress, port));
  }
  prove(kPhoneAddress + 1, 1000);
  EXPECT_EQ(server->run_timers().size(), 0U) << "another address proves nothing";
  EXPECT_EQ(server->count(Counter::kParkedNow), 6U);
  // In the burst of the ACK: a newcomer is served, as there are sessions for all.
  const auto replies = server->send_burst(
      {Packet().from(kPhoneAddress, 1001).to_port(first.source_port).ack(1).bytes(),
       rrq(kPhoneAddress, 2000).bytes()});
  EXPECT_TRUE(replies[1]);
  const auto woken = server->unasked();
  ASSERT_EQ(woken.size(), 6U);
  for (std::uint16_t i = 0; i < 6; ++i) {
    EXPECT_EQ(woken[i].opcode, 3);
    EXPECT_EQ(woken[i].destination_port, 1003 + i) << "who has waited longest first";
  }
  EXPECT_EQ(server->count(Counter::kParkedServed), 6U);
  EXPECT_EQ(server->count(Counter::kSourcesProven), 2U);
  EXPECT_EQ(server->count(DropReason::kFirstPackets), 0U);
  server->responder().end_all_sessions();
}

// Else four of them, at some hundred requests a second, would send every other phone away.
TEST_F(Admitted, AFewForgedAddressesLeavePlacesForTheProofOfOthers) {
  serve_limited({.max_parked = 4096});
  for (std::uint32_t forged = 1; forged <= 4; ++forged) {
    for (std::uint16_t port = 1000; port < 1300; ++port) {
      asks(kPhoneAddress + forged, port);
    }
  }
  const std::uint64_t before = server->count(Counter::kRequestsHeld);
  EXPECT_GE(before, 4U * 100);
  for (std::uint16_t port = 1000; port < 1050; ++port) {
    asks(kPhoneAddress, port);
  }
  EXPECT_EQ(server->count(Counter::kRequestsHeld) - before, 48U) << "two are answered";
  server->responder().end_all_sessions();
}

TEST_F(Admitted, WhoeverWaitsForAProofIsAnsweredAtItsRepeatAsBefore) {
  serve_limited();
  EXPECT_TRUE(asks(kPhoneAddress, 1001));
  EXPECT_TRUE(asks(kPhoneAddress, 1002));
  EXPECT_FALSE(asks(kPhoneAddress, 1003));
  EXPECT_FALSE(asks(kPhoneAddress, 1003)) << "it goes on waiting";
  EXPECT_EQ(server->count(Counter::kParkedNow), 1U);
  copies_in(4);
  EXPECT_TRUE(asks(kPhoneAddress, 1003));
  EXPECT_EQ(server->count(Counter::kParkedNow), 0U);
  EXPECT_EQ(server->count(Counter::kParkedReplaced), 2U);
}

TEST_F(Admitted, ARequestThatWaitsForAProofEndsTheTransferBefore) {
  serve_limited();
  const ReplyView first = server->ask(rrq(kPhoneAddress, 1001));
  EXPECT_TRUE(asks(kPhoneAddress, 1002));
  EXPECT_FALSE(asks(kPhoneAddress, 1002, "ringlist.xml"));
  EXPECT_EQ(server->count(Counter::kTransfersReplaced), 1U);
  EXPECT_FALSE(asks(kPhoneAddress, 1001)) << "the request of a transfer does not wait";
  EXPECT_EQ(server->count(Counter::kParkedNow), 1U);
  server->send(Packet().from(kPhoneAddress, 1001).to_port(first.source_port).ack(1));
  EXPECT_EQ(server->run_timers().size(), 1U);
  server->responder().end_all_sessions();
}

TEST_F(Admitted, ForgedSourcesTakeAQuarterOfThePlacesToWait) {
  serve_limited({.max_sessions = 2000, .max_parked = 64});
  for (std::uint32_t i = 0; i < 100; ++i) {
    for (std::uint16_t port = 1000; port < 1020; ++port) {
      asks(0x0b000000 + (i << 8), port);
    }
  }
  EXPECT_EQ(server->count(Counter::kParkedNow), 16U);
  EXPECT_EQ(server->run_timers().size(), 0U);
}

}  // namespace
}  // namespace dialtone::server
