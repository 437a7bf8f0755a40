// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/registration/registration.h"

#include "bench/emu/registration/call_manager.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dialtone::emu {
namespace {

// A device's words and a call manager's, without a network between them.
struct Talk {
  DialogueState state = DialogueState::kOpen;
  std::string reason{};
  std::string load{};
  std::size_t lines_up = 0;
  std::vector<std::string> verdicts{};
  std::vector<Registered> events{};
};

Talk talk(const Registrant& device, CallManagerConfig config) {
  Talk talk;
  PlayedCallManager manager(std::move(config), [&](const Registered& event) {
    talk.events.push_back(event);
    talk.verdicts.push_back(event.device + " " + event.verdict +
                            (event.line.empty() ? "" : " " + event.line));
  });
  CallManagerSession session(manager);
  const auto dialogue =
      make_dialogue(device, IpAddress::from_v4(0x0a000009), IpAddress::from_v4(0x0a000005));
  std::string bytes = dialogue->begin();
  for (int turn = 0; turn < 10 && !bytes.empty(); ++turn) {
    std::string answer;
    for (const char byte : bytes) {  // however a network cuts them
      answer += session.on_bytes({&byte, 1});
    }
    bytes = dialogue->on_bytes(answer);
  }
  talk.state = dialogue->state();
  talk.reason = dialogue->reason();
  talk.load = dialogue->load();
  talk.lines_up = dialogue->lines_up();
  return talk;
}

const Registrant kPhone{.name = "SEP001122334455", .model = 115};
const Registrant kSipPhone{
    .name = "SEP001122334455", .model = 115, .is_sip = true, .lines = {"4711", "4712"}};

// Rows 75 and 76.
TEST(Registration, AKnownPhoneIsTakenAndToldItsLoad) {
  const Talk result =
      talk(kPhone, {.devices = std::set<std::string>{"SEP001122334455"}, .load = "P00303020214"});
  EXPECT_EQ(result.state, DialogueState::kAccepted);
  EXPECT_EQ(result.load, "P00303020214");
  EXPECT_EQ(result.verdicts, std::vector<std::string>{"SEP001122334455 registered"});
}

TEST(Registration, WhatADeviceIsIsTold) {
  for (const Registrant& device : {kPhone, kSipPhone}) {
    const Talk result = talk(device, {});
    ASSERT_FALSE(result.events.empty());
    EXPECT_EQ(result.events[0].model, 115u);
    EXPECT_EQ(result.events[0].is_sip, device.is_sip);
  }
}

// Rows 70 and 71.
TEST(Registration, OnlyUnknownPhonesAreTakenByThemselves) {
  const std::set<std::string> nobody;
  Talk result = talk(kPhone, {.devices = nobody, .auto_register = true});
  EXPECT_EQ(result.verdicts, std::vector<std::string>{"SEP001122334455 auto-registered"});
  result = talk(kPhone, {.devices = nobody});
  EXPECT_EQ(result.state, DialogueState::kRejected);
  EXPECT_EQ(result.reason, "Error: DB Config");
  result = talk({.name = "SDA00dead0003", .model = 40}, {.devices = nobody, .auto_register = true});
  EXPECT_EQ(result.state, DialogueState::kRejected);
  EXPECT_EQ(result.reason, "Error: unknown gateway");
}

// Row 78.
TEST(Registration, EachLineOfASipPhoneIsRegistered) {
  const Talk result = talk(kSipPhone, {});
  EXPECT_EQ(result.state, DialogueState::kAccepted);
  EXPECT_EQ(result.lines_up, 2u);
  EXPECT_EQ(result.verdicts, (std::vector<std::string>{"SEP001122334455 registered 4711",
                                                       "SEP001122334455 registered 4712"}));
  EXPECT_EQ(talk(kSipPhone, {.refuses = true}).reason, "line 4711: SIP/2.0 403 Forbidden");
}

TEST(Registration, WhatIsNoMessageEndsTheConnection) {
  PlayedCallManager manager({}, [](const Registered&) { FAIL() << "nobody has registered"; });
  CallManagerSession sccp(manager);
  EXPECT_EQ(sccp.on_bytes(std::string("\xff\xff\xff\x7f\0\0\0\0\1\0\0\0", 12)), "");
  EXPECT_TRUE(sccp.is_broken());
  CallManagerSession sip(manager);
  sip.on_bytes("REGISTER " + std::string(100'000, 'x'));
  EXPECT_TRUE(sip.is_broken());
  CallManagerSession small(manager);
  EXPECT_EQ(small.on_bytes(write_sccp(SccpType::kRegister, "short")), "");
  EXPECT_TRUE(small.is_broken());
  CallManagerSession alive(manager);
  EXPECT_EQ(alive.on_bytes(write_sccp(SccpType::kKeepAlive)), write_sccp(SccpType::kKeepAliveAck));
}

TEST(Registration, ATextOfSccpEndsWithItsField) {
  for (const auto& [type, size] : {std::pair{SccpType::kVersion, kSccpVersion},
                                   std::pair{SccpType::kRegisterReject, kSccpReason}}) {
    const auto dialogue =
        make_dialogue(kPhone, IpAddress::from_v4(0x0a000009), IpAddress::from_v4(0x0a000005));
    dialogue->on_bytes(write_sccp(type, std::string(4000, 'x')));
    EXPECT_EQ(dialogue->load() + dialogue->reason(), std::string(size, 'x'));
  }
}

TEST(Registration, TheBodyOfAMessageIsTakenWithIt) {
  std::string bytes =
      "\r\nSIP/2.0 100 Trying\r\ncontent-length: 3\r\n\r\nabcSIP/2.0 200 OK\r\n\r\n";
  bool is_broken = false;
  const auto first = take_sip(bytes, is_broken);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->status(), 100);
  const auto second = take_sip(bytes, is_broken);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->status(), 200);
  EXPECT_FALSE(take_sip(bytes, is_broken));
  EXPECT_FALSE(is_broken);
}

}  // namespace
}  // namespace dialtone::emu
