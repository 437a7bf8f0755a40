// SPDX-License-Identifier: Apache-2.0
//
// A database of the first version is brought to ours: its rows stay, what it lacks comes, and its
// triggers are those of a new one.
#include "control/database/campus_loader.h"
#include "control/database/change_log.h"
#include "control/database/embedded_schema.h"
#include "control/database/schema.h"
#include "tests/unit/control_database/temp_database.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <set>
#include <string>

namespace dialtone::database {
namespace {

using test::must;

class SqliteUpgrade : public ::testing::Test {
 protected:
  // As the first version left it: one phone, a pool of its own, and a trigger under a name that a
  // later version gives away again.
  void make_first_version() {
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &raw), SQLITE_OK);
    const std::string sql = std::string(kSchema1Sql) + R"(
      INSERT INTO cm_groups (id, name) VALUES (1, 'Default');
      INSERT INTO date_time_groups (id, name) VALUES (1, 'CMLocal');
      INSERT INTO device_pools (id, name, cm_group_id, date_time_group_id) VALUES (1, 'Oslo', 1, 1);
      INSERT INTO common_profiles (id, name) VALUES (1, 'Standard Common Phone Profile');
      INSERT INTO sip_profiles (id, name) VALUES (1, 'Standard SIP Profile');
      INSERT INTO security_profiles (id, name) VALUES (1, 'Standard non-secure');
      INSERT INTO models (id, number, name, protocol, default_load)
        VALUES (1, 683, 'Cisco 8841', 'SIP', 'of-this-house');
      INSERT INTO devices (id, name, model_id, changed_s) VALUES (7, 'SEP001122334455', 1, 1000);
      INSERT INTO lines (device_id, idx, dn) VALUES (7, 1, '1001');
      INSERT INTO change_log (seq, tbl, row_id, op) VALUES (41, 'devices', 7, 'insert');
      CREATE TRIGGER devices_insert AFTER INSERT ON devices BEGIN SELECT raise(ABORT, 'old'); END;
      PRAGMA application_id = 1147756908;
      PRAGMA user_version = 1;)";
    char* error = nullptr;
    EXPECT_EQ(sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, &error), SQLITE_OK) << error;
    sqlite3_close(raw);
  }

  static std::set<std::string> texts(Database& database, const std::string& sql) {
    std::set<std::string> all;
    must(database.for_each(sql, [&](const Query& row) { all.emplace(row.text(0)); }));
    return all;
  }

  test::TempFolder folder_;
  std::string path_ = folder_.file("old.db");
};

TEST_F(SqliteUpgrade, KeepsTheRowsAndAddsWhatIsMissing) {
  make_first_version();
  auto database = must(Database::open(path_));
  EXPECT_EQ(must(schema_version(database)), kSchemaVersion);
  EXPECT_EQ(must(database.integer("SELECT changed_s FROM devices WHERE id = 7")), 1000);
  EXPECT_EQ(texts(database, "SELECT default_load FROM models WHERE number = 683"),
            std::set<std::string>{"of-this-house"});
  EXPECT_GT(must(database.integer("SELECT count(*) FROM models")), 10);
  const auto rows = must(load_campus(database));
  EXPECT_EQ(rows.campus.device_pools.at(0).name, "Oslo");
  EXPECT_TRUE(rows.campus.dial_plans.empty());
}

// The second version had gateways already.
TEST_F(SqliteUpgrade, KeepsGatewaysOfTheSecondVersion) {
  make_first_version();
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &raw), SQLITE_OK);
  const std::string sql = std::string(kSchema2Sql) + R"(
      INSERT INTO gateways (name, kind, changed_s) VALUES ('gw1', 'mgcp', 1000);
      INSERT INTO gateway_units (gateway_id, unit, product) VALUES (1, 0, 'VG310');
      PRAGMA user_version = 2;)";
  EXPECT_EQ(sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(raw);
  sqlite3_close(raw);
  auto database = must(Database::open(path_));
  EXPECT_EQ(must(schema_version(database)), kSchemaVersion);
  EXPECT_EQ(texts(database, "SELECT name || settings || changed_s FROM gateways"),
            std::set<std::string>{"gw1{}1000"});
}

// Buttons of the third version stay what they were; those that open a page can be added.
TEST_F(SqliteUpgrade, KeepsSpeedDialsOfTheThirdVersion) {
  make_first_version();
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &raw), SQLITE_OK);
  const std::string sql = std::string(kSchema2Sql) + std::string(kSchema3Sql) + R"(
      INSERT INTO speed_dials VALUES (7, 5, 21, 'Jane', '1002'), (7, 6, 2, '', '9');
      INSERT INTO em_profiles (id, name) VALUES (3, 'jo');
      INSERT INTO em_speed_dials VALUES (3, 2, 2, 'x', '7');
      PRAGMA user_version = 3;)";
  EXPECT_EQ(sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(raw);
  sqlite3_close(raw);
  auto database = must(Database::open(path_));
  EXPECT_EQ(texts(database, "SELECT button || ' ' || feature || label || number FROM speed_dials"),
            (std::set<std::string>{"5 21Jane1002", "6 29"}));
  EXPECT_EQ(texts(database, "SELECT profile_id || number FROM em_speed_dials"),
            std::set<std::string>{"37"});
  must(database.execute("INSERT INTO speed_dials VALUES (7, 8, 20, 'Menu', 'http://x/')"));
  must(database.execute("DELETE FROM devices WHERE id = 7"));
  EXPECT_EQ(must(database.integer("SELECT count(*) FROM speed_dials")), 0);
}

// What nobody has said is not known.
TEST_F(SqliteUpgrade, KnowsNoReleaseOfTheServersOfTheFourthVersion) {
  make_first_version();
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &raw), SQLITE_OK);
  const std::string sql =
      std::string(kSchema2Sql) + std::string(kSchema3Sql) + std::string(kSchema4Sql) + R"(
      INSERT INTO cm_nodes (name) VALUES ('cm-a');
      INSERT INTO remote_clusters (name) VALUES ('b');
      PRAGMA user_version = 4;)";
  EXPECT_EQ(sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(raw);
  sqlite3_close(raw);
  auto database = must(Database::open(path_));
  EXPECT_EQ(texts(database, "SELECT name || version FROM cm_nodes"), std::set<std::string>{"cm-a"});
  EXPECT_EQ(texts(database, "SELECT name || version FROM remote_clusters"),
            std::set<std::string>{"b"});
}

// The upgrade itself is no change of a device: nothing is logged, and what was stays.
TEST_F(SqliteUpgrade, GoesOnWithTheChangeLog) {
  make_first_version();
  auto database = must(Database::open(path_));
  EXPECT_EQ(must(last_change(database)), 41);
  must(database.execute("INSERT INTO devices (name, model_id) VALUES ('SEP001122334456', 1)"));
  const ChangeSet changes = must(read_changes(database, 41));
  EXPECT_FALSE(changes.everything);
  EXPECT_EQ(changes.devices.size(), 1u);
}

TEST_F(SqliteUpgrade, HasTheTablesAndTriggersOfANewOne) {
  make_first_version();
  auto old = must(Database::open(path_));
  auto fresh = must(Database::open(test::new_database(folder_)));
  const std::string all = "SELECT type || ' ' || name FROM sqlite_schema WHERE sql IS NOT NULL";
  EXPECT_EQ(texts(old, all), texts(fresh, all));
}

TEST_F(SqliteUpgrade, AReaderLeavesAnOldFileAlone) {
  make_first_version();
  const auto reader = Database::open_reader(path_);
  ASSERT_FALSE(reader.ok());
  EXPECT_NE(reader.error().text.find("older version; dialtone-control brings it up"),
            std::string::npos)
      << reader.error().text;
}

}  // namespace
}  // namespace dialtone::database
