// SPDX-License-Identifier: Apache-2.0
#include "control/database/change_log.h"

#include "control/database/change_tables.h"
#include "tests/unit/control_database/temp_database.h"

#include <gtest/gtest.h>

namespace dialtone::database {
namespace {

using test::must;
using Ids = std::vector<std::int64_t>;

// Device 1 is in the Default pool, 2 and 3 in one with groups, locales and profiles of its own.
class ChangeLog : public test::TempDatabase {
 protected:
  ChangeLog() {
    run(R"(
      INSERT INTO cm_nodes (id, name) VALUES (2, 'n');
      INSERT INTO cm_groups (id, name) VALUES (2, 'g');
      INSERT INTO cm_group_members VALUES (2, 0, 2);
      INSERT INTO ntp_servers (id, address) VALUES (1, '192.0.2.1');
      INSERT INTO date_time_groups (id, name) VALUES (2, 't');
      INSERT INTO date_time_group_members VALUES (2, 0, 1);
      INSERT INTO srst_references (id, name) VALUES (1, 's');
      INSERT INTO locales (id, kind, name) VALUES (3, 'user', 'u'), (4, 'network', 'n');
      INSERT INTO device_pools (id, name, cm_group_id, date_time_group_id, srst_id,
        user_locale_id, network_locale_id) VALUES (2, 'p', 2, 2, 1, 3, 4);
      INSERT INTO common_profiles (id, name) VALUES (2, 'c');
      INSERT INTO sip_profiles (id, name) VALUES (2, 's');
      INSERT INTO security_profiles (id, name) VALUES (2, 's');
      INSERT INTO line_profiles (id, name) VALUES (1, 'l');
    )");
    write(device("SEP000000000001"));
    for (const char* name : {"SEP000000000002", "SEP000000000003"}) {
      write(device(name, {{"model", "7841"},
                          {"pool", "p"},
                          {"common_profile", "c"},
                          {"sip_profile", "s"},
                          {"security_profile", "s"},
                          {"line1.profile", "l"}}));
    }
    since_ = must(last_change(db_));
  }

  ChangeSet changes() { return must(read_changes(db_, since_)); }

  std::int64_t since_ = 0;
};

class SqliteChangeLog : public ChangeLog {};

TEST_F(ChangeLog, NothingIsNothing) {
  const ChangeSet set = changes();
  EXPECT_GE(set.last_seq, since_);  // PostgreSQL counts the transactions of others, too
  EXPECT_FALSE(set.everything || set.shared);
  EXPECT_TRUE(set.devices.empty() && set.gone.empty());
}

TEST_F(ChangeLog, DevicesAreListedOnceInOrder) {
  run("UPDATE lines SET label = 'x' WHERE device_id = 3");
  run("UPDATE devices SET owner = 'x' WHERE id = 1");
  run("UPDATE devices SET owner = 'y' WHERE id = 3");
  const ChangeSet set = changes();
  EXPECT_EQ(set.devices, (Ids{1, 3}));
  EXPECT_FALSE(set.shared);
  EXPECT_EQ(set.last_seq, since_ + 3);
}

TEST_F(ChangeLog, DevicesAreCountedAnewWhenOneCameOrWent) {
  run("UPDATE devices SET owner = 'x', name = 'SEP000000000009' WHERE id = 1");
  run("DELETE FROM lines WHERE device_id = 1");
  EXPECT_FALSE(changes().counts_anew);
  const std::int64_t before = must(last_change(db_));
  write(device("SEP000000000004"));
  EXPECT_TRUE(must(read_changes(db_, before)).counts_anew);
  const std::int64_t with_it = must(last_change(db_));
  EXPECT_FALSE(must(read_changes(db_, with_it)).counts_anew);
  run("DELETE FROM devices WHERE name = 'SEP000000000004'");
  EXPECT_TRUE(must(read_changes(db_, with_it)).counts_anew);
}

TEST_F(ChangeLog, TheRowsAreKnownByTheirNumbers) {
  for (int i = 0; i < 10; ++i) {
    run("UPDATE devices SET owner = 'x" + std::to_string(i) + "' WHERE id = 1");
  }
  const LoggedSpan span = changes().span;
  EXPECT_EQ(span.rows, 10U);
  ASSERT_EQ(span.some.size(), LoggedSpan::kNamed);
  EXPECT_EQ(span.some[0].table, "devices");
  EXPECT_EQ(span.some[0].id, 1);
  EXPECT_EQ(span.some[0].operation, "update");
  ASSERT_EQ(span.numbers.size(), 1U);
  const std::int64_t newest = must(db_.integer("SELECT max(seq) FROM change_log")).value_or(0);
  EXPECT_TRUE(span.has(newest) && span.has(newest - 9));
  EXPECT_FALSE(span.has(newest - 10) || span.has(newest + 1));
  EXPECT_GT(span.first_ms, 1'600'000'000'000);
  EXPECT_LE(span.first_ms, span.last_ms);
}

TEST_F(ChangeLog, DeletedAndRenamedDevicesAreGone) {
  run("DELETE FROM devices WHERE id = 1");
  run("UPDATE devices SET name = 'SEP0000000000AA' WHERE id = 2");
  const ChangeSet set = changes();
  EXPECT_EQ(set.devices, Ids{2});
  EXPECT_EQ(set.gone, (std::vector<std::string>{"SEP000000000001", "SEP000000000002"}));
}

TEST_F(ChangeLog, ADeviceThatCameBackIsNotGone) {
  run("DELETE FROM devices WHERE id = 3");
  write(device("SEP000000000003"));
  run("UPDATE devices SET name = 'SEP0000000000AA' WHERE id = 2");
  run("UPDATE devices SET name = 'SEP000000000002' WHERE id = 2");
  const ChangeSet set = changes();
  EXPECT_EQ(set.devices, (Ids{2, 4}));  // the id of a device that is gone is not used again
  EXPECT_EQ(set.gone, std::vector<std::string>{"SEP0000000000AA"});
}

TEST_F(ChangeLog, EachSharedRowTouchesItsDevices) {
  const std::pair<const char*, Ids> cases[] = {
      {"UPDATE cm_nodes SET address = 'x' WHERE id = 2", {2, 3}},
      {"UPDATE cm_groups SET name = 'x' WHERE id = 2", {2, 3}},
      {"UPDATE cm_group_members SET node_id = 1 WHERE group_id = 2", {2, 3}},
      {"UPDATE ntp_servers SET mode = 'directedbroadcast'", {2, 3}},
      {"UPDATE date_time_groups SET name = 'x' WHERE id = 2", {2, 3}},
      {"DELETE FROM date_time_group_members", {2, 3}},
      {"UPDATE srst_references SET name = 'x'", {2, 3}},
      {"UPDATE locales SET uid = 9 WHERE id = 3", {2, 3}},
      {"UPDATE locales SET uid = 9 WHERE id = 4", {2, 3}},
      {"UPDATE locales SET uid = 9 WHERE id = 1", {1}},
      {"UPDATE device_pools SET name = 'x' WHERE id = 2", {2, 3}},
      {"UPDATE device_pools SET name = 'y' WHERE id = 1", {1}},
      {"UPDATE models SET default_load = 'x' WHERE name = 'Cisco 7841'", {2, 3}},
      {"UPDATE models SET default_load = 'x' WHERE name = 'Cisco 9971'", {}},
      {"UPDATE common_profiles SET name = 'x' WHERE id = 2", {2, 3}},
      {"UPDATE sip_profiles SET name = 'x' WHERE id = 2", {2, 3}},
      {"UPDATE security_profiles SET name = 'x' WHERE id = 2", {2, 3}},
      {"UPDATE line_profiles SET ring_idle = 1", {2, 3}},
      {"INSERT INTO device_pools (name, cm_group_id, date_time_group_id) VALUES ('z', 1, 1)", {}},
  };
  for (const auto& [sql, devices] : cases) {
    run(sql);
    const ChangeSet set = changes();
    EXPECT_EQ(set.devices, devices) << sql;
    EXPECT_TRUE(set.shared) << sql;
    EXPECT_FALSE(set.everything) << sql;
    since_ = set.last_seq;
  }
}

TEST_F(ChangeLog, ALocaleOfTheDeviceItselfCounts) {
  run("UPDATE devices SET user_locale_id = 3 WHERE id = 1");
  since_ = must(last_change(db_));
  run("UPDATE locales SET uid = 5 WHERE id = 3");
  EXPECT_EQ(changes().devices, (Ids{1, 2, 3}));
}

TEST_F(ChangeLog, WhatIsInEveryFileIsEverything) {
  for (const char* sql :
       {"UPDATE phone_services SET url = 'x' WHERE id = 1",
        "INSERT INTO enterprise_config (name, value) VALUES ('webAccess', '1')"}) {
    run(sql);
    const ChangeSet set = changes();
    EXPECT_TRUE(set.everything && set.shared) << sql;
    since_ = set.last_seq;
  }
}

TEST_F(ChangeLog, AServiceParameterIsForWhoeverReadsItToCompare) {
  run("INSERT INTO service_parameters (name, value) VALUES ('busy-text', 'x')");
  const ChangeSet set = changes();
  EXPECT_TRUE(set.parameters);
  EXPECT_FALSE(set.everything || set.shared);
}

TEST_F(SqliteChangeLog, ALogThatDoesNotReachBackIsEverything) {
  run("UPDATE devices SET owner = 'x' WHERE id = 1");
  run("UPDATE devices SET owner = 'x' WHERE id = 2");
  must(trim_changes(db_, since_));
  EXPECT_EQ(changes().devices, (Ids{1, 2}));
  EXPECT_FALSE(changes().everything);
  must(trim_changes(db_, since_ + 1));
  EXPECT_TRUE(changes().everything);
  must(trim_changes(db_, since_ + 2));
  EXPECT_TRUE(changes().everything);
  EXPECT_EQ(changes().last_seq, since_ + 2);
  EXPECT_FALSE(must(read_changes(db_, since_ + 2)).everything);
  EXPECT_TRUE(must(read_changes(db_, since_ + 3)).everything);  // of another database
}

TEST_F(ChangeLog, WritesOfOtherConnectionsAreSeen) {
  auto shell = must(Database::open(path_));
  must(shell.execute("UPDATE lines SET dn = '9' WHERE device_id = 2"));
  EXPECT_EQ(changes().devices, Ids{2});
}

}  // namespace
}  // namespace dialtone::database
