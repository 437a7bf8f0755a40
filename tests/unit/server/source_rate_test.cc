// SPDX-License-Identifier: Apache-2.0
//
// How many answers a second a source and a prefix get that have proven nothing.
#include "dataplane/server/rate_limit.h"
#include "tests/support/nul_text.h"
#include "tests/unit/server/admitted.h"

namespace dialtone::server {
namespace {

using test::Admitted;
using test::kBothFamilies;
using test::kPhoneAddress;
using test::nul;
using test::Packet;
using test::set_limits;
using test::TestImage;

TEST_F(Admitted, RequestsOfOneSourceASecond) {
  serve([](TestImage& i) {
    set_limits(i.policy());
    i.policy().source_requests = 10;
  });
  std::size_t answered = 0;
  for (int i = 0; i < 100; ++i) {
    answered += server->send(rrq(kPhoneAddress, 1000, "nosuch")).has_value();
  }
  EXPECT_EQ(answered, 10U);
  EXPECT_EQ(server->count(DropReason::kSourceRate), 90U);
  EXPECT_TRUE(asks(kPhoneAddress + 1, 1000, "nosuch"));
  server->now += test::kTicksPerSecond / 10;
  EXPECT_TRUE(asks(kPhoneAddress, 1000));
  prove(kPhoneAddress + 1, 1000);
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(asks(kPhoneAddress + 1, 1000, "nosuch")) << "it is proven";
  }
}

TEST_F(Admitted, RequestsOfOnePrefixASecond) {
  serve(
      [](TestImage& i) {
        set_limits(i.policy());
        i.policy().prefix_requests = 10;
      },
      {.addresses = kBothFamilies});
  std::size_t v4 = 0;
  std::size_t v6 = 0;
  for (std::uint32_t i = 0; i < 100; ++i) {
    v4 += asks(kPhoneAddress + i, 1000, "nosuch");
    v6 += server->send(Packet().from({0x20010db800000000, 5 + i}, 1000).rrq("nosuch")).has_value();
  }
  EXPECT_EQ(v4, 10U);
  EXPECT_EQ(v6, 10U);
  EXPECT_EQ(server->count(DropReason::kPrefixRate), 180U);
  EXPECT_TRUE(asks(kPhoneAddress + 0x100, 1000, "nosuch")) << "the next /24";
  EXPECT_TRUE(server->send(Packet().from({0x20010db800000001, 5}, 1000).rrq("nosuch")));
}

TEST_F(Admitted, ErrorsLongerThanFourTimesTheirRequestAreFew) {
  serve_limited();
  std::size_t answered = 0;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const Packet tiny = Packet().from(0x0b000000 + (i << 8), 1000).opcode(1, nul("f|"));
    answered += server->send(tiny).has_value();
  }
  EXPECT_EQ(answered, RateLimit::kBurst);
  EXPECT_EQ(server->count(DropReason::kLargeError), 1000U - RateLimit::kBurst);
  EXPECT_TRUE(asks(0x0b0c0000, 1000, "nosuch")) << "23 bytes for 15";
}

}  // namespace
}  // namespace dialtone::server
