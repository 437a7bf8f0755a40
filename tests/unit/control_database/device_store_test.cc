// SPDX-License-Identifier: Apache-2.0
#include "control/database/device_store.h"

#include "tests/unit/control_database/temp_database.h"

#include <gtest/gtest.h>

namespace dialtone::database {
namespace {

using test::must;
using Outcome = DeviceStore::WriteOutcome;

class DeviceStoreTest : public test::TempDatabase {
 protected:
  Device full() {
    run("INSERT INTO line_profiles (name, ring_idle) VALUES ('quiet', 1) ON CONFLICT DO NOTHING");
    return device("SEP001122334455", {{"protocol", "SIP"},
                                      {"description", "Lobby"},
                                      {"owner", "jane"},
                                      {"user_id", "joe"},
                                      {"label", "1001"},
                                      {"external_mask", "+44XXXX"},
                                      {"load", "a"},
                                      {"inactive_load", "b"},
                                      {"ctiid", "9"},
                                      {"user_locale", "English_United_States"},
                                      {"line1.profile", "quiet"},
                                      {"line2.dn", "1002"},
                                      {"speeddial5.number", "7"},
                                      {"speeddial5.feature", "blf"},
                                      {"speeddial6.number", "http://192.0.2.9/menu.xml"},
                                      {"speeddial6.feature", "Service"},
                                      {"cert_hash", "0123456789abcdef0123456789abcdef"},
                                      {"module1.type", "CP-8800"},
                                      {"module1.lines", "14"},
                                      {"vendor.webAccess", "1"},
                                      {"vendor.pcPort", "0"}});
  }

  std::vector<Fault> faults(const Device& device) {
    std::vector<Fault> all;
    const auto written = store_.write(device, &all);
    EXPECT_FALSE(written.ok());
    EXPECT_EQ(integer("SELECT count(*) FROM devices"), 0);
    return all;
  }

  DeviceStore store_{db_};
};

TEST_F(DeviceStoreTest, GivesBackWhatWasWritten) {
  Device device = full();
  EXPECT_EQ(write(device), Outcome::kAdded);
  device.pool = "Default";
  device.common_profile = "Standard Common Phone Profile";
  device.sip_profile = "Standard SIP Profile";
  device.security_profile = "Standard non-secure";
  EXPECT_EQ(must(store_.find("sep0011.2233.4455")), device);
  EXPECT_EQ(must(store_.find("SEP001122334456")), std::nullopt);
  EXPECT_EQ(must(store_.count()), 1u);
}

// Else what another program commits meanwhile would be put back.
TEST_F(DeviceStoreTest, WhatIsReadToBeChangedStaysAsItIs) {
  write(full());
  Database other = must(Database::open(path_));
  must(other.execute(test::postgres_server() == nullptr ? "PRAGMA busy_timeout = 1"
                                                        : "SET lock_timeout = '10ms'"));
  const auto theirs = [&] {
    return other.execute("UPDATE devices SET phone_label = 'theirs'").ok();
  };
  {
    const auto change = Transaction::begin(db_);
    ASSERT_TRUE(must(store_.find(full().name, Purpose::kChange)));
    EXPECT_FALSE(theirs());
  }
  EXPECT_TRUE(theirs());
}

TEST_F(DeviceStoreTest, AnEqualDeviceWritesNothing) {
  write(full());
  const auto changes = [&] { return integer("SELECT max(seq) FROM change_log"); };
  const std::int64_t before = changes();
  EXPECT_EQ(write(full()), Outcome::kUnchanged);
  EXPECT_EQ(write(*must(store_.find("SEP001122334455"))), Outcome::kUnchanged);
  EXPECT_EQ(changes(), before);
}

TEST_F(DeviceStoreTest, WritesOnlyTheRowsThatDiffer) {
  write(full());
  run("DELETE FROM change_log");
  Device device = full();
  device.lines[2].label = "new";
  EXPECT_EQ(write(device), Outcome::kUpdated);
  EXPECT_EQ(integer("SELECT count(*) FROM change_log"), 1);
  EXPECT_EQ(must(store_.find(device.name))->lines, device.lines);
}

TEST_F(DeviceStoreTest, MoreVendorTagsThanAFileCanHaveAreAFault) {
  Device many = device("SEP001122334455");
  for (int i = 0; i < 257; ++i) {
    many.vendor.push_back({"tag" + std::to_string(i), "1"});
  }
  const auto all = faults(many);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].code, "too-many-tags");
}

// Each key of a device, changed and cleared, reaches the database and comes back.
TEST_F(DeviceStoreTest, EveryKeyIsStored) {
  for (const auto& [key, value] : keys_of(full())) {
    if (key == "name" || key == "model" || key == "protocol") {
      continue;
    }
    write(full());
    Device device = *must(store_.find("SEP001122334455"));
    must(set_key(device, key, ""));
    if (key == "line1.dn" || key == "line2.dn" || key == "module1.type") {
      must(set_key(device, key, "77"));
    }
    EXPECT_EQ(write(device), Outcome::kUpdated) << key;
    EXPECT_EQ(*must(store_.find(device.name)), device) << key;
  }
}

// A name in the form of another family's file says which of two protocols is meant.
TEST_F(DeviceStoreTest, A7960IsFoundByTheNameOfItsFile) {
  Device phone;
  must(set_key(phone, "name", "SIP001122334455"));
  must(set_key(phone, "model", "7960"));
  EXPECT_EQ(write(phone), Outcome::kAdded);
  const auto found = must(store_.find("sip0011.2233.4455"));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->name, "SEP001122334455");
  EXPECT_EQ(found->protocol, "SIP");
  EXPECT_TRUE(must(store_.find("SEP001122334455")).has_value());
  EXPECT_FALSE(must(store_.find("ld001122334455")).has_value());

  Device other;
  must(set_key(other, "name", "SEP001122334456"));
  must(set_key(other, "model", "7960"));
  EXPECT_EQ(write(other), Outcome::kAdded);
  EXPECT_EQ(must(store_.find("SEP001122334456"))->protocol, "SCCP");
  EXPECT_FALSE(must(store_.find("SIP001122334456")).has_value());
}

TEST_F(DeviceStoreTest, RemovesRowsThatAreNoMore) {
  write(full());
  const Device small = device("SEP001122334455", {{"pool", "Default"}});
  EXPECT_EQ(write(small), Outcome::kUpdated);
  for (const char* table : {"speed_dials", "vendor_overrides", "modules"}) {
    EXPECT_EQ(integer(std::string("SELECT count(*) FROM ") + table), 0) << table;
  }
  EXPECT_EQ(integer("SELECT count(*) FROM lines"), 1);
}

TEST_F(DeviceStoreTest, FillsInWhatOnlyOneAnswerFits) {
  Device device = this->device("SEP001122334455", {{"model", "8841"}});
  write(device);
  const Device stored = *must(store_.find(device.name));
  EXPECT_EQ(stored.model, "Cisco 8841");
  EXPECT_EQ(stored.protocol, "SIP");
  EXPECT_EQ(stored.pool, "Default");
}

TEST_F(DeviceStoreTest, CollectsEverythingThatIsWrong) {
  const auto all = faults(device("SEP001122334455", {{"model", "Cisco 884"},
                                                     {"pool", "Defualt"},
                                                     {"sip_profile", "x"},
                                                     {"user_locale", "English_United_State"},
                                                     {"line1.profile", "none"},
                                                     {"line2.label", "no number"},
                                                     {"speeddial1.number", "5"},
                                                     {"module1.load", "x"}}));
  std::vector<std::string> codes;
  for (const Fault& fault : all) {
    codes.push_back(fault.code);
  }
  EXPECT_EQ(codes, (std::vector<std::string>{"unknown-model", "unknown-pool", "unknown-profile",
                                             "unknown-locale", "unknown-profile", "incomplete",
                                             "button-taken", "incomplete"}));
  EXPECT_EQ(all[1].text, "'Defualt' is no device pool; did you mean 'Default'?");
  EXPECT_EQ(all[2].text, "'x' is no SIP profile; known: Standard SIP Profile");
  EXPECT_EQ(all[4].text, "'none' is no line profile; there is none yet");
}

TEST_F(DeviceStoreTest, RefusesProtocolsAndButtonsThatTheModelHasNot) {
  const auto protocol = faults(device("SEP001122334455", {{"protocol", "SCCP"}}));
  ASSERT_EQ(protocol.size(), 1u);
  EXPECT_EQ(protocol[0].text, "\"Cisco 8841\" does not speak SCCP, only SIP");
  const auto both = faults(device("SEP001122334455", {{"model", "7965"}}));
  ASSERT_EQ(both.size(), 1u);
  EXPECT_EQ(both[0].code, "unknown-protocol");
  const auto lines = faults(device("SEP001122334455", {{"line11.dn", "1"}}));
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].code, "too-many-lines");
  EXPECT_EQ(lines[0].text, "line11 has no button: \"Cisco 8841\" has 10, and 0 on modules");
  EXPECT_EQ(write(device("SEP001122334455",
                         {{"line11.dn", "1"}, {"module1.type", "a"}, {"module1.lines", "1"}})),
            Outcome::kAdded);
}

TEST_F(DeviceStoreTest, TheErrorNamesTheDevice) {
  const auto written = store_.write(device("SEP001122334455", {{"pool", "Lodnon"}}));
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().code, ErrorCode::kRefused);
  EXPECT_EQ(written.error().text.find("SEP001122334455: 'Lodnon' is no device pool"), 0u);
}

TEST_F(DeviceStoreTest, ListsByNameWithFilters) {
  run("INSERT INTO device_pools (name, cm_group_id, date_time_group_id) VALUES ('London', 1, 1)");
  write(device("SEP00112233BBBB", {{"pool", "London"}, {"line2.dn", "1002"}}));
  write(device("SEP00112233AAAA", {{"model", "7841"}, {"description", "d"}}));
  const auto names = [&](const DeviceFilter& filter) {
    std::string all;
    for (const DeviceSummary& device : must(store_.list(filter))) {
      all += device.name.substr(11) + " ";
    }
    return all;
  };
  EXPECT_EQ(names({}), "AAAA BBBB ");
  EXPECT_EQ(names({"sep*b", "", ""}), "BBBB ");
  EXPECT_EQ(names({"", "London", ""}), "BBBB ");
  EXPECT_EQ(names({"", "", "7841"}), "AAAA ");
  EXPECT_EQ(names({"", "London", "7841"}), "");
  const DeviceSummary second = must(store_.list({})).at(1);
  EXPECT_EQ(second.dns, (std::vector<std::string>{"1001", "1002"}));
  EXPECT_EQ(second.model + second.protocol + second.pool, "Cisco 8841SIPLondon");
  EXPECT_EQ(store_.list({"", "Londn", ""}).error().text,
            "'Londn' is no device pool; did you mean 'London'?");
  EXPECT_NE(store_.list({"", "", "Cisco 7842"}).error().text.find("Cisco 784"), std::string::npos);
}

TEST_F(DeviceStoreTest, RemovesAndSaysWhatIsNear) {
  write(full());
  EXPECT_EQ(store_.no_such_device("SEP001122334456").text,
            "no device 'SEP001122334456'; did you mean 'SEP001122334455'?");
  EXPECT_EQ(store_.no_such_device("SEPAAAAAAAAAAAA").text,
            "no device 'SEPAAAAAAAAAAAA'; `dialtone device ls` lists them");
  EXPECT_FALSE(must(store_.remove("SEP001122334456")));
  EXPECT_FALSE(store_.remove("../BAD").ok());
  EXPECT_TRUE(must(store_.remove("00:11:22:33:44:55")));
  EXPECT_EQ(must(store_.count()), 0u);
  EXPECT_EQ(integer("SELECT count(*) FROM lines"), 0);
}

// "no phone model; known: 12 S, ..." of forty names led nobody to it.
TEST_F(DeviceStoreTest, AModelWithoutItsMakerHasItsHint) {
  Device wrong = device("SEP000000000001");
  must(set_key(wrong, "model", "88411"));
  const auto written = DeviceStore(db_).write(wrong);
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().text.find("did you mean '8811'?"), std::string::npos)
      << written.error().text;
}

}  // namespace
}  // namespace dialtone::database
