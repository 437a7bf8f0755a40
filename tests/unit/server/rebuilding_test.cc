// SPDX-License-Identifier: Apache-2.0
//
// What a phone hears while control builds all files anew, where that was asked for.
#include "tests/unit/server/admitted.h"

namespace dialtone::server {
namespace {

using test::Admitted;
using test::kPhoneAddress;
using test::kPhoneFile;
using test::Packet;
using test::ReplyView;
using test::TestImage;

TEST_F(Admitted, WhileRebuildingNoTransferBeginsAndNoneEnds) {
  serve([](TestImage&) {});
  const ReplyView first = server->ask(rrq(kPhoneAddress, 1001));
  serve([](TestImage& i) { i.policy().rebuilding_s = 60; });
  for (const std::string_view name : {kPhoneFile, std::string_view("new.xml")}) {
    const ReplyView reply = server->ask(rrq(kPhoneAddress, 1002, name));
    EXPECT_EQ(reply.number, 3);
    EXPECT_EQ(reply.body, "Disk Full");
  }
  EXPECT_EQ(server->count(Counter::kRequestsRebuilding), 2U);
  const Packet ack = Packet().from(kPhoneAddress, 1001).to_port(first.source_port).ack(1);
  EXPECT_EQ(server->ask(ack).number, 2) << "a transfer goes on";
  EXPECT_EQ(server->ask(Packet().from(kPhoneAddress, 1003).wrq("x")).number, 2) << "as ever";
  serve([](TestImage&) {});
  EXPECT_EQ(server->ask(rrq(kPhoneAddress, 1002)).opcode, 3);
  server->responder().end_all_sessions();
}

TEST_F(Admitted, ARebuildThatNobodyEndsIsOverAfterItsTime) {
  serve([](TestImage& i) { i.policy().rebuilding_s = 60; });
  EXPECT_EQ(server->ask(rrq(kPhoneAddress, 1001)).opcode, 5);
  server->now += 59 * test::kTicksPerSecond;
  EXPECT_EQ(server->ask(rrq(kPhoneAddress, 1001)).opcode, 5);
  server->now += 2 * test::kTicksPerSecond;
  EXPECT_EQ(server->ask(rrq(kPhoneAddress, 1001)).opcode, 3);
}

}  // namespace
}  // namespace dialtone::server
