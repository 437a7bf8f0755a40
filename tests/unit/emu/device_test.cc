// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/device/device.h"

#include "tests/unit/emu/file_server.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace dialtone::emu {
namespace {

constexpr Micros kSecond = 1'000'000;

using Files = std::map<std::string, std::string>;
using Names = std::vector<std::string>;

DevicePlan phone(std::optional<std::string> firmware = {}) {
  return {.name = "SEP001122334455",
          .model = "7941",
          .host = {.mac = test::kPhoneMac,
                   .address = IpAddress::from_v4(test::kPhoneAddress),
                   .subnet = {IpAddress::from_v4(0x0a4d0000), 112}},
          .offer = {.option150 = {IpAddress::from_v4(test::kServerAddress)}},
          .order = boot_order(BootKind::kPhone, test::kPhoneMac),
          .resolve = [](const std::string&) { return std::vector<IpAddress>(); },
          .firmware = std::move(firmware)};
}

const std::string kConfiguration =
    "<device><loadInformation>SCCP41.9-4-2</loadInformation></device>";

// From power-on to the end, on virtual time.
class Lab {
 public:
  Lab(const DevicePlan& plan, Files files, bool is_silent = false)
      : server(std::move(files)), plan_(plan), device(plan_, 0) {
    server.is_silent = is_silent;
    for (int turn = 0; !device.is_over() && turn < 10'000; ++turn) {
      if (device.host().outbox.empty()) {
        now = device.deadline();
        device.on_time(now);
        continue;
      }
      const Host::Frame frame = device.host().outbox.front();
      device.host().outbox.pop_front();
      for (const std::string& answer : server.on_frame(frame)) {
        now += 100;
        device.on_frame(std::as_bytes(std::span(answer)), now);
      }
    }
  }

  std::size_t asked(const std::string& name) const {
    return static_cast<std::size_t>(std::count(server.asked.begin(), server.asked.end(), name));
  }
  std::string last() const { return device.timeline().events().back().what; }

  Micros now = 0;
  test::FileServer server;

 private:
  DevicePlan plan_;

 public:
  Device device;
};

TEST(Device, TheLoadThatItHasIsNotFetched) {
  const Lab lab(phone(), {{"SEP001122334455.cnf.xml", kConfiguration}});
  EXPECT_EQ(lab.device.state(), DeviceState::kConfigured);
  EXPECT_EQ(lab.device.firmware(), "SCCP41.9-4-2");
  EXPECT_EQ(lab.device.resets(), 0);
  EXPECT_EQ(lab.asked("SCCP41.9-4-2.loads"), 0u);
}

// From its first request on: DHCP and names may have taken their time.
TEST(Device, AServerThatIsPlayedAsBusyServesItAfterwards) {
  DevicePlan plan = phone();
  plan.first_server = PlayedError{3, "Disk Full"};
  plan.first_server_lasts = 5 * kSecond;
  const Lab lab(plan, {{"SEP001122334455.cnf.xml", kConfiguration}});
  EXPECT_EQ(lab.device.state(), DeviceState::kConfigured);
  const std::vector<BootedFile> files = lab.device.files();
  EXPECT_EQ(files.front().got.come_backs, 2u);
  EXPECT_EQ(files.back().got.come_backs, 0u);
  EXPECT_EQ(lab.server.asked.size(), files.size());
  EXPECT_NE(lab.device.timeline().events()[1].what.find("played"), std::string::npos);
}

// Row 77: one upgrade, one reset, no loop.
TEST(Device, AnotherLoadIsFetchedAndThenItResets) {
  const Lab lab(phone("old"), {{"SEP001122334455.cnf.xml", kConfiguration},
                               {"SCCP41.9-4-2.loads", "a.sbn\nb.sbn\n"},
                               {"a.sbn", std::string(5000, 'a')},
                               {"b.sbn", "b"}});
  EXPECT_EQ(lab.device.state(), DeviceState::kConfigured);
  EXPECT_EQ(lab.device.firmware(), "SCCP41.9-4-2");
  EXPECT_EQ(lab.device.loads_fetched(), 1);
  EXPECT_EQ(lab.device.resets(), 1);
  EXPECT_EQ(lab.asked("a.sbn"), 1u);
  EXPECT_EQ(lab.asked("SEP001122334455.cnf.xml"), 2u);
  EXPECT_GE(lab.now, 30 * kSecond);
  EXPECT_EQ(lab.device.files().size(), 4u + 1 + 2 + 4);
}

TEST(Device, ALoadThatIsNotThereChangesNothing) {
  const Lab lab(phone("old"), {{"SEP001122334455.cnf.xml", kConfiguration}});
  EXPECT_EQ(lab.device.state(), DeviceState::kConfigured);
  EXPECT_EQ(lab.device.firmware(), "old");
  EXPECT_EQ(lab.last(), "the load is not there; it goes on with old");
}

TEST(Device, ALoadThatLacksAPartIsNotStarted) {
  const Lab lab(phone("old"), {{"SEP001122334455.cnf.xml", kConfiguration},
                               {"SCCP41.9-4-2.loads", "a.sbn\nb.sbn\n"},
                               {"a.sbn", "a"}});
  EXPECT_EQ(lab.device.resets(), 0);
  EXPECT_EQ(lab.last(), "the load is not whole; it goes on with old");
}

TEST(Device, ASignedConfigurationIsReadBehindItsSignature) {
  const std::string header{1, 0, 2, 1, 0, 2, 0, 2, 0, 12, 'x', 'y'};
  const Files files{{"CTLSEP001122334455.tlv", "list"},
                    {"SEP001122334455.cnf.xml", kConfiguration},
                    {"SEP001122334455.cnf.xml.sgn", header + kConfiguration}};
  const Lab lab(phone(), files);
  EXPECT_EQ(lab.device.state(), DeviceState::kConfigured);
  EXPECT_EQ(lab.device.firmware(), "SCCP41.9-4-2");
  EXPECT_EQ(lab.asked("SEP001122334455.cnf.xml"), 0u);
  DevicePlan plan = phone();
  plan.is_nonsecure = true;
  const Lab plain(plan, files);
  EXPECT_EQ(plain.asked("SEP001122334455.cnf.xml"), 1u);
}

TEST(Device, WithoutAnAnswerItBeginsAnewAfterTheReboot) {
  DevicePlan plan = phone();
  plan.reboots = 1;
  const Lab lab(plan, {}, /*is_silent=*/true);
  EXPECT_EQ(lab.device.state(), DeviceState::kNoServer);
  EXPECT_EQ(lab.device.reboots(), 1);
  EXPECT_EQ(lab.now, (60 + 51 + 60) * kSecond);  // cisco-tftp 9.3
}

TEST(Device, WithoutAServerItIsOver) {
  DevicePlan plan = phone();
  plan.offer = {};
  const Lab lab(plan, {});
  EXPECT_EQ(lab.device.state(), DeviceState::kNoServer);
  EXPECT_EQ(lab.last(), "it knows no TFTP server");
}

TEST(Device, AConfigurationThatCannotBeReadIsNone) {
  const Lab lab(phone("old"), {{"SEP001122334455.cnf.xml", "<device>"}});
  EXPECT_EQ(lab.device.state(), DeviceState::kUnreadable);
  EXPECT_EQ(lab.device.configuration(), nullptr);
  EXPECT_EQ(lab.last(), "SEP001122334455.cnf.xml cannot be read");
}

}  // namespace
}  // namespace dialtone::emu
