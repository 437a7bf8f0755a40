// SPDX-License-Identifier: Apache-2.0
#include "control/database/device_keys.h"

#include "control/database/tag_text.h"

#include <gtest/gtest.h>

#include <random>

namespace dialtone::database {
namespace {

std::string refusal(const char* key, const char* value) {
  Device device;
  const auto set = set_key(device, key, value);
  EXPECT_EQ(device, Device{}) << key;
  return set.ok() ? "(taken)" : set.error().text;
}

Device again(const Device& device) {
  Device copy;
  for (const auto& [key, value] : keys_of(device)) {
    EXPECT_TRUE(set_key(copy, key, value).ok()) << key << "=" << value;
  }
  return copy;
}

// Each is looked for among the others, in each row of an import.
TEST(DeviceKeys, TagsOfAPhoneAreBounded) {
  const auto object = [](std::size_t count) {
    std::string text = "{";
    for (std::size_t i = 0; i < count; ++i) {
      text += (i == 0 ? "\"t" : ",\"t") + std::to_string(i) + "\":\"a,\\\"b\"";
    }
    return text + "}";
  };
  Device device;
  ASSERT_TRUE(set_key(device, "vendor", object(kMaxTags)));
  EXPECT_EQ(device.vendor.size(), kMaxTags);
  EXPECT_TRUE(set_key(device, "vendor.t7", "other"));
  const auto one_more = set_key(device, "vendor.more", "1");
  ASSERT_FALSE(one_more);
  EXPECT_NE(one_more.error().text.find("1024"), std::string::npos) << one_more.error().text;
  EXPECT_FALSE(set_key(device, "vendor", object(kMaxTags + 1)));
}

// A longer one used to be told the limit of all keys.
TEST(DeviceKeys, ATextThatIsTooLongIsToldItsOwnLimit) {
  const std::string text(5000, 'x');
  EXPECT_EQ(refusal("desc", text.c_str()),
            "description has 5000 characters; at most 128 are possible");
  EXPECT_EQ(refusal("model", text.c_str()).find("model has 5000 characters; at most "), 0u);
  EXPECT_EQ(refusal("ctiid", text.c_str()), "ctiid has 5000 characters; at most 4096 are possible");
}

TEST(DeviceKeys, SetAndShowAreTheSame) {
  const std::vector<std::pair<std::string, std::string>> keys = {{"name", "SEP001122334455"},
                                                                 {"description", "Lobby"},
                                                                 {"model", "Cisco 8861"},
                                                                 {"protocol", "SIP"},
                                                                 {"pool", "London"},
                                                                 {"common_profile", "a"},
                                                                 {"sip_profile", "b"},
                                                                 {"security_profile", "c"},
                                                                 {"user_locale", "d"},
                                                                 {"network_locale", "e"},
                                                                 {"owner", "jane"},
                                                                 {"user_id", "joe"},
                                                                 {"label", "1001"},
                                                                 {"external_mask", "+44XXXX"},
                                                                 {"load", "sip88xx"},
                                                                 {"inactive_load", "sip88xy"},
                                                                 {"ctiid", "7"},
                                                                 {"line1.dn", "1001"},
                                                                 {"line1.label", "Jane"},
                                                                 {"line1.display", "J"},
                                                                 {"line1.auth_name", "j"},
                                                                 {"line1.auth_secret", "s"},
                                                                 {"line1.external_mask", "m"},
                                                                 {"line1.messages_number", "8000"},
                                                                 {"line1.profile", "p"},
                                                                 {"line12.dn", "1002"},
                                                                 {"speeddial5.number", "2"},
                                                                 {"speeddial5.label", "Desk"},
                                                                 {"speeddial5.feature", "blf"},
                                                                 {"module1.type", "CP-8800"},
                                                                 {"module1.lines", "14"},
                                                                 {"module1.load", "b"},
                                                                 {"vendor.webAccess", "1"},
                                                                 {"vendor.sshAccess", "0"}};
  Device device;
  for (const auto& [key, value] : keys) {
    ASSERT_TRUE(set_key(device, key, value).ok()) << key;
  }
  EXPECT_EQ(keys_of(device), keys);
}

// Any texts in any order: what keys_of() shows makes the same device again.
TEST(DeviceKeys, WhatIsShownMakesTheSameDevice) {
  const std::vector<std::string> keys = {"name",
                                         "description",
                                         "protocol",
                                         "pool",
                                         "ctiid",
                                         "line1.dn",
                                         "line1.label",
                                         "line2.profile",
                                         "line3.auth_secret",
                                         "speeddial5.number",
                                         "speeddial5.feature",
                                         "speeddial6.label",
                                         "module1.type",
                                         "module1.lines",
                                         "module2.load",
                                         "vendor.webAccess",
                                         "vendor.pcPort"};
  const std::vector<std::string> values = {
      "",   "", "1", "0", "SIP", "sccp", "blf", "SpeedDial", "00:11:22:33:44:55", "\xc3\x89lodie",
      "a b"};
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    Device device;
    for (int i = 0; i < 20; ++i) {
      const std::string& key = keys[random() % keys.size()];
      static_cast<void>(set_key(device, key, values[random() % values.size()]));
    }
    ASSERT_EQ(again(device), device) << round;
  }
}

TEST(DeviceKeys, EmptyClearsAndLeavesNoBlankRows) {
  Device device;
  for (const char* key : {"line1.dn", "line1.label", "speeddial5.number", "vendor.webAccess"}) {
    ASSERT_TRUE(set_key(device, key, "x").ok());
  }
  ASSERT_TRUE(set_key(device, "speeddial5.feature", "blf").ok());
  ASSERT_TRUE(set_key(device, "line1.dn", "").ok());
  EXPECT_EQ(device.lines.size(), 1u);
  ASSERT_TRUE(set_key(device, "line1.label", "").ok());
  ASSERT_TRUE(set_key(device, "speeddial5.number", "").ok());
  ASSERT_TRUE(set_key(device, "vendor.webAccess", "").ok());
  ASSERT_TRUE(set_key(device, "line7.dn", "").ok());
  EXPECT_EQ(device, Device{});
}

TEST(DeviceKeys, SpellingIsForgivenWhereItMeansNothing) {
  Device device;
  ASSERT_TRUE(set_key(device, " Line1.DN ", "1").ok());
  ASSERT_TRUE(set_key(device, "VENDOR.webAccess", "1").ok());
  ASSERT_TRUE(set_key(device, "Protocol", "sccp").ok());
  EXPECT_EQ(device.lines.at(1).dn, "1");
  EXPECT_EQ(device.vendor.at(0).name, "webAccess");
  EXPECT_EQ(device.protocol, "SCCP");
  ASSERT_TRUE(set_key(device, "Desc", "Lobby").ok());
  EXPECT_EQ(device.description, "Lobby");
  EXPECT_EQ(*find_key("desc"), "description");
}

TEST(DeviceKeys, AnUnknownKeyLeadsToTheNearest) {
  EXPECT_EQ(refusal("poool", "x"), "'poool' is no key of a device; did you mean 'pool'?");
  EXPECT_EQ(refusal("line2.dm", "x"), "'line2.dm' is no key of a device; did you mean 'line2.dn'?");
  EXPECT_EQ(refusal("line1000.dn", "x"),
            "'line1000.dn' is no key of a device: behind 'line' stands a number from 1 to 999, "
            "without zeros in front of it");
  EXPECT_EQ(refusal("speeddial01.label", "x").find("'speeddial01.label' is no key of a device: b"),
            0u);
  for (const char* key : {"", "line", "line.dn", "line0.dn", "line01.dn", "line1000.dn", "line1.",
                          "line-1.dn", "line99999999999999999999.dn", "vendor.", "vendor.1x",
                          "vendor.a b", "speeddial1.dn", ".", "vendors"}) {
    EXPECT_NE(refusal(key, "x").find("is no key of a device"), std::string::npos) << key;
  }
}

TEST(DeviceKeys, AWrongValueChangesNothing) {
  EXPECT_EQ(refusal("protocol", "h323"), "protocol wants SCCP or SIP, not 'h323'");
  EXPECT_EQ(refusal("ctiid", "4294967296"),
            "ctiid wants a number from 0 to 4294967295, not '4294967296'");
  EXPECT_NE(refusal("name", "SEPxyz").find("12 hexadecimal digits"), std::string::npos);
  EXPECT_NE(refusal("description", "a\nb").find("control character"), std::string::npos);
  EXPECT_NE(refusal("line1.dn", "\xff").find("not UTF-8"), std::string::npos);
  EXPECT_NE(refusal("module1.lines", "many").find("number from 0 to 999"), std::string::npos);
  const std::string long_text(500, 'x');
  EXPECT_EQ(refusal("line1.label", long_text.c_str()),
            "line1.label has 500 characters; at most 64 are possible");
}

// All tags at once, in their order; or none.
TEST(DeviceKeys, VendorIsAllTags) {
  Device device;
  ASSERT_TRUE(set_key(device, "vendor.webAccess", "1").ok());
  ASSERT_TRUE(set_key(device, "vendor", R"({"b": "1", "a": "2"})").ok());
  ASSERT_EQ(device.vendor.size(), 2u);
  EXPECT_EQ(device.vendor[0].name, "b");
  EXPECT_FALSE(set_key(device, "vendor", R"({"1x": "1"})").ok());
  EXPECT_FALSE(set_key(device, "vendor", "b=1").ok());
  EXPECT_EQ(device.vendor.size(), 2u);
  ASSERT_TRUE(set_key(device, "vendor", "").ok());
  EXPECT_TRUE(device.vendor.empty());
}

}  // namespace
}  // namespace dialtone::database
