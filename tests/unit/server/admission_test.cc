// SPDX-License-Identifier: Apache-2.0
//
// Who gets an answer: a full server, denied clients, and limits by source.
#include "dataplane/server/rate_limit.h"
#include "tests/support/nul_text.h"
#include "tests/unit/server/harness.h"

#include <memory>

namespace dialtone::server {
namespace {

using test::kPhoneAddress;
using test::nul;
using test::Packet;
using test::ReplyView;
using test::Server;
using test::TestImage;

const std::vector<IpAddress> kBothFamilies = {IpAddress::from_v4(test::kServerAddress),
                                              test::kServerAddress6};

constexpr std::string_view kPhoneFile = "sep001122334455.cnf.xml";

// What control writes by default, where nothing else is said.
void set_limits(abi::Policy& policy) {
  policy.source_requests = 500;
  policy.prefix_requests = 5000;
  policy.first_packets = 2;
  policy.unproven_bytes = 4 << 20;
  policy.first_copies = 1;
  policy.retransmits = 3;
}

class Admitted : public testing::Test {
 protected:
  // `change` gets the image before it is built.
  template <typename Change>
  void serve(Change change, const Server::Options& options = {}) {
    if (image != nullptr) {
      earlier.push_back(std::move(image));  // a transfer may still read it
    }
    image = std::make_unique<TestImage>(1 << 16, ++generation_);
    image->add(kPhoneFile, long_text, abi::FileClass::kDeviceConfig)
        .add("ringlist.xml", long_text)
        .add("short", "x");
    change(*image);
    image->build();
    if (!server) {
      server = std::make_unique<Server>(options);
      for (std::size_t i = 0; i < options.addresses.size(); ++i) {
        server->addresses().set_state(i, AddressState::kUsable);
      }
    }
    server->publish(&image->live());
  }
  void serve_limited(const Server::Options& options = {}) {
    serve([](TestImage& i) { set_limits(i.policy()); }, options);
  }

  static Packet rrq(std::uint32_t address, std::uint16_t port, std::string_view name = kPhoneFile) {
    return Packet().from(address, port).rrq(name);
  }
  bool asks(std::uint32_t address, std::uint16_t port, std::string_view name = kPhoneFile) {
    return server->send(rrq(address, port, name)).has_value();
  }
  // Fetches block 1 and acknowledges it.
  void prove(std::uint32_t address, std::uint16_t port) {
    const ReplyView reply = server->ask(rrq(address, port));
    ASSERT_EQ(reply.fault, "");
    server->send(Packet().from(address, port).to_port(reply.source_port).ack(1));
  }
  // Copies that the timers send in that time.
  std::size_t copies_in(double seconds) {
    std::size_t count = 0;
    for (int i = 0; i < seconds * 20; ++i) {
      server->now += test::kTicksPerSecond / 20;
      count += server->run_timers().size();
    }
    return count;
  }

  const std::string long_text = test::pattern(9000);
  std::vector<std::unique_ptr<TestImage>> earlier;  // outlive the server, as `image` does
  std::unique_ptr<TestImage> image;
  std::unique_ptr<Server> server;

 private:
  std::uint64_t generation_ = 0;
};

TEST_F(Admitted, AFullServerIsBusyWithThePolicysCodeAndText) {
  serve([](TestImage& i) {
    i.policy().max_sessions = 2;
    i.policy().answers_busy = 1;
  });
  EXPECT_TRUE(asks(kPhoneAddress, 1001));
  EXPECT_TRUE(asks(kPhoneAddress, 1002));
  const ReplyView reply = server->ask(rrq(kPhoneAddress, 1003));
  EXPECT_EQ(reply.opcode, 5);
  EXPECT_EQ(reply.number, 3);
  EXPECT_EQ(reply.body, "Process Allocation Exceeded");
  EXPECT_EQ(server->count(Counter::kRequestsBusy), 1U);
  EXPECT_EQ(server->count(DropReason::kSessionsExhausted), 0U);
  // Who is being served asks again, or for something else.
  EXPECT_EQ(server->ask(rrq(kPhoneAddress, 1002)).opcode, 3);
  EXPECT_EQ(server->ask(rrq(kPhoneAddress, 1001, "short")).opcode, 3);
  EXPECT_EQ(server->sessions(), 2U);
}

TEST_F(Admitted, TheServingCountChangesWithAPublish) {
  serve([](TestImage& i) { i.policy().max_sessions = 1; });
  EXPECT_TRUE(asks(kPhoneAddress, 1001));
  EXPECT_FALSE(asks(kPhoneAddress, 1002));
  serve([](TestImage& i) { i.policy().max_sessions = 2; });
  EXPECT_EQ(server->run_timers().size(), 1U) << "who has waited is served";
  EXPECT_EQ(server->sessions(), 2U);
  server->responder().end_all_sessions();
}

// Else the sum over the workers has the count of before for those that nobody asks.
TEST_F(Admitted, TheServingLimitIsThePolicysBeforeAnybodyAsks) {
  serve([](TestImage& i) { i.policy().max_sessions = 2; });
  server->run_timers();
  EXPECT_EQ(server->count(Counter::kServingLimit), 2U);
  serve([](TestImage& i) { i.policy().max_sessions = 1; });
  server->run_timers();
  EXPECT_EQ(server->count(Counter::kServingLimit), 1U);
}

TEST_F(Admitted, EachWorkerHasItsPartOfTheServingCount) {
  struct Case {
    std::uint32_t worker;
    std::uint32_t total;
    std::size_t part;
  };
  for (const Case& c : {Case{0, 30, 8}, Case{3, 30, 7}, Case{1, 2, 1}, Case{3, 2, 1}}) {
    server.reset();
    serve([&](TestImage& i) { i.policy().max_sessions = c.total; },
          {.worker = c.worker, .workers = 4, .worker_bits = 2});
    for (std::uint16_t port = 1000; port < 1040; ++port) {
      server->send(rrq(kPhoneAddress, port));
    }
    EXPECT_EQ(server->sessions(), c.part) << c.worker << " of " << c.total;
  }
}

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
  const auto woken = server->run_timers();
  ASSERT_EQ(woken.size(), 6U);
  for (std::uint16_t i = 0; i < 6; ++i) {
    const ReplyView reply = test::parse_reply(woken[i]);
    EXPECT_EQ(reply.opcode, 3);
    EXPECT_EQ(reply.destination_port, 1003 + i) << "who has waited longest first";
  }
  EXPECT_EQ(server->count(Counter::kParkedServed), 6U);
  EXPECT_EQ(server->count(Counter::kSourcesProven), 2U);
  EXPECT_EQ(server->count(DropReason::kFirstPackets), 0U);
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

TEST_F(Admitted, UnprovenSourcesTakeHalfOfTheSessionsAtMost) {
  serve_limited();  // 64 sessions
  for (std::uint32_t i = 0; i < 100; ++i) {
    asks(0x0b000000 + (i << 8), 1000);
  }
  EXPECT_EQ(server->sessions(), 32U);
  EXPECT_EQ(server->count(DropReason::kUnanswered), 68U);
}

TEST_F(Admitted, SessionsThatAreAnsweredAreOutOfThatHalf) {
  serve_limited();
  for (std::uint32_t i = 0; i < 60; ++i) {
    prove(0x0b000000 + (i << 8), 1000);
  }
  EXPECT_EQ(server->sessions(), 60U);
  EXPECT_EQ(server->count(Counter::kSessionsUnanswered), 0U);
  // Asked again, a session is unanswered; and whoever is proven may ask again.
  EXPECT_TRUE(asks(0x0b000000, 1000));
  EXPECT_EQ(server->count(Counter::kSessionsUnanswered), 1U);
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
