// SPDX-License-Identifier: Apache-2.0
//
// What an address gets before it acknowledges anything, and how long a proof lasts.
#include "tests/unit/server/admitted.h"

namespace dialtone::server {
namespace {

using test::Admitted;
using test::kPhoneAddress;
using test::kPhoneFile;
using test::set_limits;
using test::TestImage;

TEST_F(Admitted, TwoFirstPacketsToASourceThatDoesNotAnswerOverAllRequests) {
  serve_limited();
  EXPECT_TRUE(asks(kPhoneAddress, 1001));
  EXPECT_TRUE(asks(kPhoneAddress, 1002, "ringlist.xml"));
  EXPECT_FALSE(asks(kPhoneAddress, 1001));
  for (std::uint16_t port = 1003; port < 1020; ++port) {
    EXPECT_FALSE(asks(kPhoneAddress, port)) << port;
  }
  EXPECT_EQ(server->count(Counter::kRequestsHeld), 4U) << "the share of a source";
  EXPECT_EQ(server->count(DropReason::kFirstPackets), 14U);
  EXPECT_EQ(server->sessions(), 2U);
  EXPECT_TRUE(asks(kPhoneAddress + 1, 1001)) << "another source has its own";
  EXPECT_EQ(copies_in(3), 1U) << "the other's";
  EXPECT_EQ(server->count(Counter::kCopiesWithheld), 2U);
}

TEST_F(Admitted, APhoneWhoseAnswersAreLostIsAnsweredAtEachRepeat) {
  serve_limited();
  // Five times from one port, three ports for each file: 4 s x 5 x 3, as measured.
  std::size_t copies = 0;
  for (std::uint16_t send = 0; send < 15; ++send) {
    EXPECT_TRUE(asks(kPhoneAddress, static_cast<std::uint16_t>(1001 + send / 5))) << send;
    copies += copies_in(4);
  }
  EXPECT_GE(copies, 1U) << "the first lost answer comes again before the phone repeats";
  EXPECT_LE(15 + copies, 2U + 60 / 3) << "bytes to an address that may be forged stay few";
  prove(kPhoneAddress, 1004);
  EXPECT_EQ(server->count(Counter::kSourcesProven), 1U);
}

TEST_F(Admitted, ACopyGoesOnlyWhereBothAreAtMost33TimesTheRequest) {
  serve_limited();
  EXPECT_TRUE(asks(kPhoneAddress, 1001, kPhoneFile));  // 32 bytes: 2 x 516 are 32 times that
  EXPECT_EQ(copies_in(3), 1U);
  EXPECT_TRUE(asks(kPhoneAddress + 1, 1001, "ringlist.xml"));  // 21 bytes
  EXPECT_EQ(copies_in(3), 0U);
  EXPECT_EQ(server->count(Counter::kCopiesWithheld), 1U);
  EXPECT_EQ(server->sessions(), 2U) << "a phone that repeats after 4 s still finds them";
  EXPECT_EQ(copies_in(6), 0U);
  EXPECT_EQ(server->sessions(), 0U) << "without a copy it ends as soon";
  prove(kPhoneAddress + 1, 1002);
  server->responder().end_all_sessions();
  EXPECT_TRUE(asks(kPhoneAddress + 1, 1003, "ringlist.xml"));
  EXPECT_EQ(copies_in(2), 1U) << "it is proven";
}

TEST_F(Admitted, EvenAProvenSourceGetsABoundedNumberOfFirstPackets) {
  serve_limited({.max_sessions = 20'000});
  prove(kPhoneAddress, 1000);
  std::size_t answered = 0;
  for (std::uint16_t port = 2000; port < 12'000; ++port) {
    answered += asks(kPhoneAddress, port);
  }
  EXPECT_EQ(answered, 4096U);
  server->now += test::kTicksPerSecond;
  EXPECT_TRUE(asks(kPhoneAddress, 1001)) << "a thousand more each second";
}

TEST_F(Admitted, CopiesAreAmongTheFirstPacketsOfAProvenSource) {
  serve_limited({.max_sessions = 20'000});
  prove(kPhoneAddress, 1000);
  server->responder().end_all_sessions();
  std::size_t answered = 0;
  for (std::uint16_t port = 2000; port < 12'000; ++port) {
    answered += asks(kPhoneAddress, port);
  }
  EXPECT_EQ(answered, 4096U);
  EXPECT_LE(copies_in(2), 2001U) << "a thousand more each second";
  EXPECT_GE(server->count(Counter::kCopiesWithheld), 2000U);
}

TEST_F(Admitted, AProofEndsAndIsRenewed) {
  serve([](TestImage& i) {
    set_limits(i.policy());
    i.policy().proven_s = 100;
  });
  prove(kPhoneAddress, 1000);
  for (const int wait : {90, 90, 90}) {
    server->now += static_cast<Ticks>(wait) * test::kTicksPerSecond;
    prove(kPhoneAddress, 1000);
  }
  EXPECT_EQ(server->count(Counter::kSourcesProven), 1U);
  server->responder().end_all_sessions();
  server->now += 101 * test::kTicksPerSecond;
  for (std::uint16_t port = 1001; port < 1005; ++port) {
    EXPECT_EQ(asks(kPhoneAddress, port), port < 1003) << port;
  }
}

// A part of the bytes that is smaller than one answer would keep all phones out.
TEST_F(Admitted, EachOfManyWorkersHasBytesForSomebody) {
  serve(
      [](TestImage& i) {
        test::set_limits(i.policy());
        i.policy().unproven_bytes = abi::kMinUnprovenBytes;
      },
      {.worker = 3, .workers = 8, .worker_bits = 3});
  EXPECT_TRUE(asks(kPhoneAddress, 1000));
}

TEST_F(Admitted, AFewSessionsHaveAPlaceForWhoRepeatsToo) {
  serve([](TestImage& i) {
    test::set_limits(i.policy());
    i.policy().max_sessions = 4;
  });
  EXPECT_TRUE(asks(0x0b000000, 1000));
  EXPECT_TRUE(asks(0x0b000100, 1000));
  EXPECT_FALSE(asks(kPhoneAddress, 1000));
  server->now += 2 * test::kTicksPerSecond;
  EXPECT_TRUE(asks(kPhoneAddress, 1000));
}

}  // namespace
}  // namespace dialtone::server
