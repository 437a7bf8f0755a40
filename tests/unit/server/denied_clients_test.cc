// SPDX-License-Identifier: Apache-2.0
//
// Clients that the policy allows and denies by their prefixes.
#include "tests/unit/server/admitted.h"

namespace dialtone::server {
namespace {

using test::Admitted;
using test::kBothFamilies;
using test::Packet;
using test::ReplyView;
using test::TestImage;

abi::ClientRange range(const IpAddress& address, std::uint32_t allowed) {
  return {address.high, address.low, allowed, 0};
}

// 10.77.1.0/24 and 2001:db8::/32, and nobody else.
void allow_two_prefixes(TestImage& i) {
  i.client_ranges() = {range({}, 0), range(IpAddress::from_v4(0x0a4d0100), 1),
                       range(IpAddress::from_v4(0x0a4d0200), 0), range({0x20010db800000000, 0}, 1),
                       range({0x20010db900000000, 0}, 0)};
}

TEST_F(Admitted, ADeniedClientHearsNothing) {
  serve(allow_two_prefixes, {.addresses = kBothFamilies});
  for (const std::uint32_t address : {0x0a4d00ffU, 0x0a4d0200U, 0xc0000201U}) {
    EXPECT_FALSE(asks(address, 1001));
    EXPECT_FALSE(server->send(Packet().from(address, 1001).wrq("x")));
    EXPECT_FALSE(server->send(Packet().from(address, 1001).rrq("nosuch")));
  }
  EXPECT_FALSE(server->send(Packet().from({0x20010db900000000, 1}, 1001).rrq("short")));
  EXPECT_EQ(server->count(DropReason::kClientDenied), 10U);
  EXPECT_EQ(server->count(Counter::kRequestsDenied), 10U);
  EXPECT_EQ(server->count(Counter::kRequests), 10U);
  for (const std::uint32_t address : {0x0a4d0100U, 0x0a4d01ffU}) {
    EXPECT_TRUE(asks(address, 1001));
  }
  EXPECT_TRUE(server->send(Packet().from_v6().rrq("short")));
}

TEST_F(Admitted, ADeniedClientIsToldWhereThePolicySaysSo) {
  serve([](TestImage& i) {
    allow_two_prefixes(i);
    i.policy().answers_denied = 1;
  });
  const ReplyView reply = server->ask(rrq(0x0a4d0200, 1001));
  EXPECT_EQ(reply.opcode, 5);
  EXPECT_EQ(reply.number, 2);
  EXPECT_EQ(reply.body, "Not allowed");
  EXPECT_EQ(server->count(Counter::kRequestsDenied), 1U);
  EXPECT_EQ(server->count(DropReason::kClientDenied), 0U);
}

}  // namespace
}  // namespace dialtone::server
