// SPDX-License-Identifier: Apache-2.0
//
// What `status` warns of around the dataplane: its port, the links, other hosts, who asks too
// often.
#include "tests/unit/control_daemon/health_fixture.h"

namespace dialtone::daemon {
namespace {

class NetworkHealth : public Health {};

TEST_F(NetworkHealth, ALinkThatIsDownIsToldUntilItIsUp) {
  count("link_up") = 0;
  run(2);
  EXPECT_EQ(warning(), "") << "it may be coming up";
  run(2);
  expect_begin("the link of the dataplane's port is down, for 3 s: no client is reached; ");
  count("link_up") = 1;
  run(1);
  EXPECT_EQ(warning(), "");
}

TEST_F(NetworkHealth, AnotherHostWithAnAddressOfOursIsToldForAMinute) {
  count("address_conflicts", 1) += 1;
  run(2);
  expect_begin(
      "another host has an address of the dataplane: it has said so 1 time in the last "
      "minute (address_conflicts)");
  run(60);
  EXPECT_EQ(warning(), "");
}

TEST_F(NetworkHealth, AnAddressThatIsLostIsToldAsLongAsItIs) {
  count("addresses_lost", 1) = 1;
  run(200);
  EXPECT_EQ(warning(),
            "an IPv6 address of the dataplane is not served, for 3 min: another host has it "
            "(addresses_lost; the log of dialtone-dataplane has the MAC); give each an address of "
            "its own: once that host has gone, it is served within 5 min, without a restart");
  count("addresses_lost", 0) = 1;
  run(1);
  expect_begin(
      "2 IPv6 addresses of the dataplane are not served, for 3 min: another host has them ");
  count("addresses_lost", 0) = count("addresses_lost", 1) = 0;
  run(1);
  EXPECT_EQ(warning(), "");
}

TEST_F(NetworkHealth, FramesThatThePortLosesAreToldWithTheCureOfEachKindForAMinute) {
  for (const auto& [name, why] :
       {std::pair{"port_missed",
                  "its receive queues were full (port_missed): each makes a client "
                  "wait; more workers (lcores in [dataplane])"},
        std::pair{"port_no_buffer",
                  "no packet buffer was free (port_no_buffer): each makes a client"
                  " wait; a higher memory_mb"},
        std::pair{"port_broken",
                  "they came in broken (port_broken): each makes a client wait; see "
                  "to the cable"},
        std::pair{"port_not_sent",
                  "it did not send what it had taken (port_not_sent): each makes a "
                  "client wait; see to the link"},
        std::pair{"frames_not_sent",
                  "it took no more of them (frames_not_sent): each makes a client"
                  " wait; it or its link is slower"}}) {
    count("frames_received", 1) += 12'000;
    count(name) += 12;
    run(2);
    expect_begin(
        "the dataplane's port has lost 12 frames in the last minute, beside 12000 that were "
        "received, since " +
        std::string(why));
    run(60);
    EXPECT_EQ(warning(), "") << name;
  }
}

TEST_F(NetworkHealth, AFewLostFramesAreNoWarning) {
  count("port_missed") = 1'000'000'000;  // of last year
  start();
  count("frames_received") += 5;
  count("port_missed") += 9;
  run(2);
  EXPECT_EQ(warning(), "") << "nine within a minute";
  count("port_missed") += 1;
  run(1);
  expect_begin("the dataplane's port has lost 10 frames ");
  count("frames_received") += 10'000;
  run(1);
  EXPECT_EQ(warning(), "") << "less than one in a thousand";
}

TEST_F(NetworkHealth, RequestsAboveTheRateOfTheirSourceAreToldWithTheSettings) {
  count("drop_source_rate") += 8;
  run(2);
  EXPECT_EQ(warning(), "") << "a few";
  count("drop_prefix_rate", 1) += 3;
  run(1);
  EXPECT_EQ(
      warning(),
      "11 requests of unproven addresses dropped in the last minute: 8 above "
      "source_requests_per_second (drop_source_rate), 3 above prefix_requests_per_second "
      "(drop_prefix_rate); `dialtone events` shows whose: for many phones behind one address, "
      "raise these in [policy]; else see to that device, or deny it (docs/admission.md)");
  run(61);
  EXPECT_EQ(warning(), "");
  count("drop_first_packets") += 20;
  run(1);
  expect_begin(
      "20 requests of unproven addresses dropped in the last minute: 20 whose sender had left "
      "first_packets unacknowledged (drop_first_packets); ");
}

// A driver that begins anew says less than before; what others have counted stands.
TEST_F(NetworkHealth, ACountOfThePortThatFallsTakesNoOtherWarningAway) {
  count("port_missed") = 5'000'000;
  start();
  count("packets_too_big") += 1;
  run(2);
  expect_begin("a link to clients carries less than mtu: ");
  count("port_missed") = 0;
  run(1);
  expect_begin("a link to clients carries less than mtu: ");
}

TEST_F(NetworkHealth, UnderAttackHigherLimitsAreNotTheCure) {
  count("drop_source_rate") += 5000;
  count("requests_under_attack") += 5000;
  run(2);
  expect_begin("under attack, for ");
}

TEST_F(NetworkHealth, ALinkThatCarriesLessIsToldForTenMinutesWithTheSetting) {
  count("packets_too_big", 1) += 1;
  run(300);
  EXPECT_EQ(warning(),
            "a link to clients carries less than mtu: routers have said so of 1 packet in the last "
            "10 min (packets_too_big), and a transfer over it goes on in fragments or begins anew "
            "(IPv6); set mtu in [dataplane] to what the narrowest link carries");
  run(301);
  EXPECT_EQ(warning(), "");
}

}  // namespace
}  // namespace dialtone::daemon
