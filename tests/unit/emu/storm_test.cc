// SPDX-License-Identifier: Apache-2.0
//
// The parts of a storm that need no port.
#include "bench/emu/storm/boot_script.h"
#include "bench/emu/storm/campus_plan.h"
#include "bench/emu/storm/histogram.h"
#include "bench/emu/storm/origin.h"
#include "bench/emu/storm/timer_wheel.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace dialtone::emu {
namespace {

constexpr wire::MacAddress kMac{{0x00, 0x11, 0x22, 0xaa, 0xbb, 0xcc}};

TEST(BootScript, NamesAreThoseOfTheBootOrder) {
  for (const BootKind kind :
       {BootKind::kPhone, BootKind::kPhone7940Sip, BootKind::kPhone7905, BootKind::kPhone7905Sccp,
        BootKind::kPhoneWireless, BootKind::kPhoneCnf, BootKind::kAta}) {
    const BootScript script(kind);
    const auto order = boot_order(kind, kMac);
    ASSERT_EQ(script.size(), order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      FileName name;
      script.write_name(i, kMac, name);
      EXPECT_EQ(name.view(), order[i].name);
      EXPECT_EQ(script.role(i), order[i].role);
      EXPECT_EQ(script.is_if_missing(i), order[i].if_missing);
    }
  }
}

TEST(BootScript, AListHasWhatMayBeMissing) {
  const auto script = BootScript::of_list("CTLSEP{MAC}.tlv?,gk{mac},SEP{MAC}.cnf.xml,ringlist.xml");
  ASSERT_TRUE(script) << script.error().text;
  constexpr wire::MacAddress kPhone{{0x02, 0x5e, 0, 0, 0xab, 0xcd}};
  std::vector<std::string> names;
  for (std::size_t i = 0; i < script->size(); ++i) {
    FileName name;
    script->write_name(i, kPhone, name);
    names.emplace_back(name.view());
    EXPECT_EQ(script->is_needed(i), i != 0);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"CTLSEP025E0000ABCD.tlv", "gk025e0000abcd",
                                             "SEP025E0000ABCD.cnf.xml", "ringlist.xml"}));
  EXPECT_EQ(script->needed(), 3u);
}

TEST(BootScript, AListThatCannotBeIsRefused) {
  for (const std::string& list :
       {std::string(), std::string("a?"), std::string("a,,b"), std::string("{MAC}{MAC}"),
        std::string("{Mac}"), std::string("a??"), std::string(48, 'a')}) {
    EXPECT_FALSE(BootScript::of_list(list)) << list;
  }
}

TEST(Histogram, IsRightWithin1Point6Percent) {
  for (const std::uint64_t us :
       {0ull, 1ull, 127ull, 128ull, 1000ull, 65'535ull, 4'000'000ull, 3'600'000'000ull}) {
    Histogram one;
    one.add(us);
    one.add(us * 2 + 1'000'000);
    EXPECT_GE(one.quantile(0.5), us);
    EXPECT_LE(static_cast<double>(one.quantile(0.5)), static_cast<double>(us) * 1.016 + 1);
  }
}

TEST(Histogram, QuantilesOfAHundred) {
  Histogram times;
  for (std::uint64_t us = 1; us <= 100; ++us) {
    times.add(us);
  }
  EXPECT_EQ(times.quantile(0.5), 50u);
  EXPECT_EQ(times.quantile(0.99), 99u);
  EXPECT_EQ(times.quantile(1), 100u);
  EXPECT_EQ(times.most(), 100u);
  EXPECT_EQ(Histogram().quantile(0.5), 0u);
}

TEST(Histogram, TwoAddUp) {
  Histogram one;
  Histogram two;
  one.add(10);
  two.add(1'000'000);
  one.merge(two);
  EXPECT_EQ(one.count(), 2u);
  EXPECT_EQ(one.most(), 1'000'000u);
  EXPECT_EQ(one.quantile(0.5), 10u);
}

TEST(TimerWheel, CallsEachAtItsTimeAndNotBefore) {
  TimerWheel wheel(3, 5'000'000);
  wheel.add(0, 5'010'000);
  wheel.add(1, 5'010'500);
  wheel.add(2, 9'000'000);
  std::vector<std::uint32_t> due;
  const auto note = [&](std::uint32_t phone) { due.push_back(phone); };
  wheel.turn(5'009'999, note);
  EXPECT_TRUE(due.empty());
  wheel.turn(5'012'000, note);
  std::sort(due.begin(), due.end());
  EXPECT_EQ(due, (std::vector<std::uint32_t>{0, 1}));
  wheel.turn(9'002'000, note);
  EXPECT_EQ(due.back(), 2u);
}

TEST(TimerWheel, MayBeFilledFromWithin) {
  TimerWheel wheel(1, 0);
  wheel.add(0, 1000);
  int calls = 0;
  wheel.turn(10'000, [&](std::uint32_t phone) {
    if (++calls < 5) {
      wheel.add(phone, 1000);  // due already: in the next slot
    }
  });
  EXPECT_EQ(calls, 5);
}

// Later than the ring is long: it comes early, and who looks puts it in again.
TEST(TimerWheel, AFarDeadlineComesEarly) {
  TimerWheel wheel(1, 0);
  wheel.add(0, 60'000'000);
  int early = 0;
  for (Micros now = 0; now < 70'000'000; now += 1'000'000) {
    bool is_done = false;
    wheel.turn(now, [&](std::uint32_t phone) {
      if (now < 60'000'000) {
        ++early;
        wheel.add(phone, 60'000'000);
      } else {
        is_done = true;
      }
    });
    if (is_done) {
      EXPECT_EQ(early, 3);
      return;
    }
  }
  FAIL() << "it never came";
}

TEST(Origin, OfAFolderAndOfAList) {
  const test::TempFolder folder;
  folder.write("files/Desktops/List.xml", "list");
  Origin read;
  ASSERT_TRUE(read_origin_folder(folder.file("files"), read));
  const Expected found = read.find("/desktops\\LIST.xml");
  ASSERT_EQ(found.states.size(), 1u);
  EXPECT_EQ(found.states[0].bytes, 4u);
  EXPECT_FALSE(found.may_be_missing);
  EXPECT_TRUE(read.find("other").states.empty());
  EXPECT_TRUE(read.find("other").may_be_missing);
  const std::string digest = to_hex(found.states[0].digest);
  folder.write(
      "list", R"({"result":{"files":[{"name":"A.xml","length":4,"digest":")" + digest + R"("}]}})");
  Origin listed;
  ASSERT_TRUE(read_origin_list(folder.file("list"), listed));
  EXPECT_EQ(listed.find("a.xml").states[0].digest, found.states[0].digest);
  for (const char* bad :
       {"", "{}", R"([{"name":"A"}])", R"([{"name":"A","length":1,"digest":"x"}])"}) {
    folder.write("bad", bad);
    EXPECT_FALSE(read_origin_list(folder.file("bad"), listed)) << bad;
  }
}

TEST(Origin, ATrustListOfADeviceMayBeThatOfItsCluster) {
  const test::TempFolder folder;
  folder.write("files/CTLFile.tlv", "cluster");
  folder.write("files/ITLSEP001122334455.tlv", "own");
  Origin origin;
  ASSERT_TRUE(read_origin_folder(folder.file("files"), origin));
  const Expected list = origin.find("CTLSEP001122334455.tlv");
  ASSERT_EQ(list.states.size(), 1u);
  EXPECT_EQ(list.states[0].bytes, 7u);
  EXPECT_TRUE(list.may_be_missing);
  EXPECT_FALSE(origin.find("ITLSEP001122334455.tlv").may_be_missing);
  EXPECT_TRUE(origin.find("ITLSEP00DEAD000001.tlv").states.empty()) << "no ITLFile.tlv is there";
}

TEST(Origin, OfTwoStatesAFileMayBeInOne) {
  const test::TempFolder folder;
  folder.write("before/a", "1");
  folder.write("after/a", "2");
  folder.write("after/b", "3");
  Origin origin;
  ASSERT_TRUE(read_origin_folder(folder.file("before"), origin));
  ASSERT_TRUE(read_origin_folder(folder.file("after"), origin));
  EXPECT_EQ(origin.find("a").states.size(), 2u);
  EXPECT_FALSE(origin.find("a").may_be_missing);
  EXPECT_EQ(origin.find("b").states.size(), 1u);
  EXPECT_TRUE(origin.find("b").may_be_missing);
}

TEST(CampusPlan, AMixByShares) {
  const auto plan = plan_campus({.phones = 100, .mix = "7941:60,7912:40"});
  ASSERT_TRUE(plan) << plan.error().text;
  EXPECT_EQ(std::count(plan->models.begin(), plan->models.end(), "7941"), 60);
  std::set<std::string> macs;
  for (const StormPhone& phone : plan->phones) {
    macs.insert(mac_digits(phone.mac(), true));
    EXPECT_EQ(phone.planned(), 0u);
  }
  EXPECT_EQ(macs.size(), 100u);
  const auto few = plan_campus({.phones = 5, .mix = "7941:60,7912:40"});
  EXPECT_EQ(std::count(few->models.begin(), few->models.end(), "7912"), 2);
}

TEST(CampusPlan, EqualSeedsEqualOrders) {
  const auto order = [](std::uint64_t seed) {
    std::string text;
    const auto plan = plan_campus({.phones = 20, .seed = seed});
    for (const StormPhone& phone : plan->phones) {
      text += mac_digits(phone.mac(), true);
    }
    return text;
  };
  EXPECT_EQ(order(1), order(1));
  EXPECT_NE(order(1), order(2));
}

TEST(CampusPlan, PowerComesInARampOrByBuildings) {
  const auto ramp = plan_campus({.phones = 4, .power = "ramp", .window_s = 2});
  EXPECT_EQ(ramp->phones[1].planned(), 500'000u);
  EXPECT_EQ(ramp->phones[3].planned(), 1'500'000u);
  const auto buildings = plan_campus({.phones = 4, .power = "building:2", .window_s = 2});
  EXPECT_EQ(buildings->phones[1].planned(), 0u);
  EXPECT_EQ(buildings->phones[2].planned(), 1'000'000u);
  const auto one = plan_campus({.phones = 4, .power = "building:4294967295"});
  EXPECT_EQ(one->phones[3].planned(), 0u);
  const auto turns = plan_campus({.phones = 4, .power = "in-turn:2"});
  EXPECT_EQ(turns->at_a_time, 2u);
  EXPECT_EQ(turns->phones[3].planned(), 0u);
  EXPECT_EQ(one->at_a_time, 0u);
}

TEST(CampusPlan, DevicesOfAFileByTheirNames) {
  const test::TempFolder folder;
  folder.write("devices",
               "SEP001122334455 7941\n# old ones\nSIP001122334456 7960\nld001122334457 7905\n");
  const auto plan = plan_campus({.devices = folder.file("devices")});
  ASSERT_TRUE(plan) << plan.error().text;
  EXPECT_EQ(plan->phones.size(), 3u);
  EXPECT_EQ(plan->scripts.size(), 3u);
  folder.write("devices", "SEP001122334455 7999\nld001122334457 7941\nSEP1 7941\n");
  const auto bad = plan_campus({.devices = folder.file("devices")});
  ASSERT_FALSE(bad);
  EXPECT_NE(bad.error().text.find("devices:1: there is no model '7999'"), std::string::npos);
  EXPECT_NE(bad.error().text.find("devices:2: ld001122334457 is no name"), std::string::npos);
  EXPECT_NE(bad.error().text.find("devices:3: SEP1 is no name"), std::string::npos);
}

TEST(CampusPlan, ALineIsBelievedWhenAllOfItIsRight) {
  const test::TempFolder folder;
  for (const char* line :
       {"SExx001122334455 7941", "SEP001122334455X 7941", "SEP001122334455 7941 more",
        "SEP01FFFFFFFFFF 7941", "SEP001122334455 7941\nSEP001122334455 7941", ""}) {
    folder.write("devices", line);
    EXPECT_FALSE(plan_campus({.devices = folder.file("devices")})) << line;
  }
  EXPECT_FALSE(plan_campus({.devices = folder.path()}));
  EXPECT_FALSE(plan_campus({.devices = "/dev/zero"}));
  std::string many;
  for (int i = 0; i < 1000; ++i) {
    many += "x 7941\n";
  }
  folder.write("devices", many);
  const auto bad = plan_campus({.devices = folder.file("devices")});
  EXPECT_LT(bad.error().text.size(), 2000u);
  EXPECT_NE(bad.error().text.find("1000 lines are wrong"), std::string::npos);
}

TEST(CampusPlan, SomePhonesLoseTheirPower) {
  // They are over after 30 packets at the latest; without a server nobody else is.
  auto plan = plan_campus({.phones = 200});
  let_some_vanish(*plan, 30, 1);
  class Nowhere final : public PhonePackets {
    void send(const StormPhone&, std::uint16_t, std::uint16_t,
              std::span<const std::byte>) override {}
  } nowhere;
  StormRules rules{.packets = &nowhere};
  std::size_t vanished = 0;
  for (StormPhone& phone : plan->phones) {
    phone.power_on(rules, 0, 0);
    for (int i = 0; i < 30 && !phone.is_over(); ++i) {
      phone.on_packet(rules, 3000, 49152, {}, 1);
    }
    vanished += phone.outcome() == Outcome::kVanished ? 1 : 0;
  }
  EXPECT_GT(vanished, 40u);
  EXPECT_LT(vanished, 80u);
}

TEST(CampusPlan, WhatCannotBeIsRefused) {
  EXPECT_FALSE(plan_campus({}));
  EXPECT_FALSE(plan_campus({.phones = 1, .mix = "7941:0"}));
  EXPECT_FALSE(plan_campus({.phones = 1, .mix = ""}));
  EXPECT_FALSE(plan_campus({.phones = 1, .power = "building:0"}));
  EXPECT_FALSE(plan_campus({.phones = 1, .power = "building:4294967296"}));
  EXPECT_FALSE(plan_campus({.phones = 1, .power = "in-turn:two"}));
  EXPECT_FALSE(plan_campus({.phones = 1, .power = "slowly"}));
  EXPECT_FALSE(plan_campus({.phones = 1, .files = "a,,b"}));
  EXPECT_FALSE(plan_campus({.devices = "/nosuch"}));
}

}  // namespace
}  // namespace dialtone::emu
