// SPDX-License-Identifier: Apache-2.0
//
// Which frames the phones of a storm send and take, and what its engine counts of itself.
#include "tests/component/storm_fixture.h"

#include <algorithm>

namespace dialtone::test {
namespace {

using emu::Outcome;
using emu::StormConfig;
using emu::StormEnd;

struct Place {
  const char* name;
  bool is_v6;
  bool has_router;
};

class StormPlace : public StormEngine, public testing::WithParamInterface<Place> {
 protected:
  StormPlace() {
    config = GetParam().is_v6 ? over_ipv6() : over_ipv4();
    if (GetParam().has_router) {
      config.router = IpAddress{config.server.high, config.server.low + 0xfe};
    }
  }

  StormConfig config{};
};

INSTANTIATE_TEST_SUITE_P(Places, StormPlace,
                         testing::Values(Place{"Ipv4", false, false},
                                         Place{"Ipv4BehindARouter", false, true},
                                         Place{"Ipv6", true, false},
                                         Place{"Ipv6BehindARouter", true, true}),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_P(StormPlace, EveryPhoneBootsFromItsOwnAddress) {
  boot(config, {.phones = 50});
  ASSERT_TRUE(found_);
  EXPECT_EQ(ready(), 50u);
  EXPECT_EQ(requests_.size(), 50u);
  EXPECT_EQ(senders_.size(), config.router ? 1u : 50u);
  EXPECT_EQ(engine_->ended(), StormEnd::kAllOver);
  EXPECT_EQ(fates(emu::Fate::kServed), 50u);
  const emu::GeneratorCounts& counts = engine_->counts();
  EXPECT_EQ(counts.sent, questions_ + 50u + 50u) << "requests and ACKs";
  EXPECT_EQ(counts.received, questions_ + 50u);
  EXPECT_EQ(counts.strays + counts.dropped + counts.doubled + counts.not_sent + counts.no_buffer,
            0u);
  EXPECT_EQ(engine_->progress().ready, 50u);
  EXPECT_EQ(engine_->progress().started, 50u);
}

// For its phones, and nobody else: who is behind a router is not on the link.
TEST_P(StormPlace, WhoIsOnTheLinkIsAnswered) {
  const IpAddress phone{config.first.high, config.first.low + 3};
  const IpAddress nobody{config.first.high, config.first.low + 10};
  on_first_request_ = [&] {
    ask_for(phone);
    ask_for(nobody);
    ask_for(config.router.value_or(nobody));
  };
  boot(config, {.phones = 10});
  EXPECT_EQ(ready(), 10u);
  ASSERT_EQ(told_.size(), 1u);
  const auto& [who, mac] = *told_.begin();
  EXPECT_EQ(who, config.router.value_or(phone));
  EXPECT_EQ(mac.bytes, config.router ? *senders_.begin() : plan_.phones[3].mac().bytes);
}

TEST_P(StormPlace, NothingIsSwitchedOnForASilentServer) {
  answers_neighbours_ = false;
  // Three seconds are waited for it: by this clock they are as many tenths.
  config.ticks = TickRate(config.ticks.per_second() / 100);
  boot(config, {.phones = 3});
  EXPECT_FALSE(found_);
  EXPECT_EQ(questions_, 15u);
  EXPECT_EQ(engine_->progress().started, 0u);
  EXPECT_EQ(plan_.phones[0].outcome(), Outcome::kWaiting);
}

TEST_F(StormEngine, PhonesInAVlanAreTalkedToThere) {
  StormConfig config = over_ipv4();
  config.vlan = 100;
  on_first_request_ = [&] {
    emu::Path untagged = path_to(0);
    untagged.vlan.reset();
    send_udp(untagged, "another VLAN");
  };
  boot(config, {.phones = 5});
  EXPECT_EQ(ready(), 5u);
  EXPECT_EQ(engine_->counts().strays, 1u);
}

TEST_F(StormEngine, StraysAreCountedAndChangeNothing) {
  constexpr std::string_view kError("\0\5\0\1no\0", 7);  // a phone that took it would fail
  on_first_request_ = [&] {
    emu::Path path = path_to(0);
    path.to.low += 100;
    send_udp(path, kError);  // for no phone
    path = path_to(0);
    path.from.low += 7;
    send_udp(path, kError);  // of another server
    path = path_to(0);
    path.to_mac = kStormServer;
    send_udp(path, kError);  // for another MAC
    path = path_to(0);
    path.to_mac = plan_.phones[1].mac();
    send_udp(path, kError);  // for another phone's
    send(std::array<std::byte, 60>{});
    send(std::array<std::byte, 9>{});
  };
  boot(over_ipv4(), {.phones = 5});
  EXPECT_EQ(ready(), 5u);
  EXPECT_EQ(engine_->counts().strays, 6u);
}

TEST_F(StormEngine, InTurnTheNextOneBeginsWhenOneHasBooted) {
  std::set<IpAddress> acked;
  std::size_t most = 0;
  on_ack_ = [&](const IpAddress& phone) {
    most = std::max(most, requests_.size() - acked.size());
    acked.insert(phone);
  };
  boot(over_ipv4(), {.phones = 20, .power = "in-turn:2"});
  EXPECT_EQ(ready(), 20u);
  EXPECT_EQ(most, 2u);
  Micros before = 0;
  for (const emu::StormPhone& phone : plan_.phones) {
    EXPECT_GE(phone.planned(), before) << "each counts from when its turn came";
    before = phone.planned();
  }
}

TEST_F(StormEngine, WhoStopsItHasWhatCameSoFar) {
  answers_requests_ = false;
  on_first_request_ = [&] { engine_->progress().stop = true; };
  boot(over_ipv4(), {.phones = 3, .power = "ramp", .window_s = 3600});
  EXPECT_TRUE(found_);
  EXPECT_EQ(engine_->ended(), StormEnd::kInterrupted);
  EXPECT_EQ(plan_.phones[0].outcome(), Outcome::kBooting);
  EXPECT_EQ(plan_.phones[1].outcome(), Outcome::kWaiting);
  EXPECT_EQ(fates(emu::Fate::kOpen), 1u);
  EXPECT_EQ(engine_->progress().started, 1u);
}

TEST_F(StormEngine, WhoWaitsForNobodyEndsInTime) {
  answers_requests_ = false;
  StormConfig config = over_ipv4();
  config.patience = 1000;
  boot(config, {.phones = 3});
  EXPECT_TRUE(found_);
  EXPECT_EQ(engine_->ended(), StormEnd::kTimeOver);
  EXPECT_EQ(ready(), 0u);
  EXPECT_EQ(fates(emu::Fate::kOpen), 3u);
}

// But for ARP: it knows whom it asks.
TEST_F(StormEngine, ADeadLinkDropsWhatIsCounted) {
  StormConfig config = over_ipv4();
  config.impairment = {.loss = 1};
  config.patience = 1000;
  boot(config, {.phones = 5});
  EXPECT_TRUE(found_);
  EXPECT_EQ(ready(), 0u);
  EXPECT_TRUE(requests_.empty());
  EXPECT_EQ(engine_->counts().dropped, 5u);
}

TEST_F(StormEngine, ADoublingLinkSendsEachFrameTwice) {
  StormConfig config = over_ipv4();
  config.impairment = {.duplicate = 1};
  boot(config, {.phones = 5});
  EXPECT_EQ(ready(), 5u);
  for (const auto& [phone, count] : requests_) {
    EXPECT_EQ(count, 2);
  }
  EXPECT_EQ(engine_->counts().sent, questions_ + 2 * engine_->counts().doubled) << "but for ARP";
}

// What is still on its way when all phones are ready goes back to its pool (the fixture looks).
TEST_F(StormEngine, ALinkThatDelaysAndReordersEndsWithEveryPhoneReady) {
  StormConfig config = over_ipv4();
  config.impairment = {.duplicate = 0.5, .reorder = 0.5, .delay = 300};
  boot(config, {.phones = 50});
  EXPECT_EQ(ready(), 50u);
  EXPECT_EQ(engine_->counts().dropped, 0u);
  EXPECT_GT(engine_->counts().doubled, 0u);
}

}  // namespace
}  // namespace dialtone::test
