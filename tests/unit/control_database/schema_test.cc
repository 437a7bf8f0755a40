// SPDX-License-Identifier: Apache-2.0
//
// The schema, its triggers and its first rows.
#include "control/database/schema.h"

#include "control/database/change_tables.h"
#include "generator/model_catalogue.h"
#include "tests/unit/control_database/temp_database.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace dialtone::database {
namespace {

using test::must;

class Schema : public test::TempDatabase {
 protected:
  std::set<std::string> tables() {
    auto query = must(db_.query(
        test::postgres_server() == nullptr
            ? "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
              "AND "
              "name <> 'change_log'"
            : "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN "
              "('change_log', 'dialtone_schema')"));
    std::set<std::string> names;
    while (must(query.step())) {
      names.emplace(query.text(0));
    }
    return names;
  }

  std::int64_t triggers(const std::string& table, const std::string& op) {
    return integer(
        test::postgres_server() == nullptr
            ? "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = '" + table +
                  "' AND name = '" + table + "_" + op + "'"
            : "SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
              "WHERE c.relname = '" +
                  table + "' AND t.tgname = 'dialtone_" + op + "'");
  }

  std::string columns_of(const std::string& table) {
    return (test::postgres_server() == nullptr
                ? "SELECT name FROM pragma_table_info('" + table + "')"
                : "SELECT column_name FROM information_schema.columns WHERE table_name = '" +
                      table + "'");
  }

  void make_phone() {
    write(device("SEP001122334455", {{"speeddial5.number", "2"},
                                     {"vendor.webAccess", "1"},
                                     {"module1.type", "CP-8800"},
                                     {"line2.dn", "1002"}}));
  }
};

TEST_F(Schema, EachTableHasItsLineAndTriggersForEachWrite) {
  std::set<std::string> known;
  for (const ChangeTable& table : change_tables()) {
    known.emplace(table.name);
  }
  EXPECT_EQ(tables(), known);
  for (const std::string& table : tables()) {
    for (const char* op : {"insert", "update", "delete"}) {
      EXPECT_EQ(triggers(table, op), 1) << table << " " << op;
    }
  }
}

// A write of each table is logged, whatever column it is of.
TEST_F(Schema, AnUpdateOfAnyColumnIsLogged) {
  make_phone();
  run("INSERT INTO ntp_servers (address) VALUES ('192.0.2.1')");
  run("INSERT INTO date_time_group_members VALUES (1, 0, 1)");
  run("INSERT INTO srst_references (name) VALUES ('a')");
  run("INSERT INTO service_parameters (name, value) VALUES ('ssh_user', 'a')");
  run("INSERT INTO enterprise_config (name, value) VALUES ('webAccess', '1')");
  run("INSERT INTO line_profiles (name) VALUES ('a')");
  run("INSERT INTO dial_plans (name) VALUES ('hq')");
  run("INSERT INTO dial_rules (plan_id, seq, pattern) VALUES (1, 1, '9,....')");
  run("INSERT INTO softkey_templates (name) VALUES ('std')");
  run("INSERT INTO softkey_sets (template_id, state, position, key) VALUES (1, 'On Hook', 1, 'a')");
  run("INSERT INTO feature_policies (name) VALUES ('std')");
  run("INSERT INTO application_rules (name) VALUES ('a')");
  run("INSERT INTO ring_tones (name, file) VALUES ('a', 'a.raw')");
  run("INSERT INTO backgrounds (folder, name, preview, image) VALUES ('a', 'a', 'a', 'a')");
  run("INSERT INTO family_parameters (family, name, value) VALUES ('ld', 'a', 'a')");
  run("INSERT INTO em_profiles (name) VALUES ('jo')");
  run("INSERT INTO em_lines (profile_id, idx, dn) VALUES (1, 1, '1')");
  run("INSERT INTO em_speed_dials (profile_id, button, number) VALUES (1, 1, '1')");
  run("INSERT INTO gateways (name, kind) VALUES ('gw', 'mgcp')");
  run("INSERT INTO gateway_units (gateway_id, unit, product) VALUES (1, 0, 'a')");
  run("INSERT INTO gateway_subunits (gateway_id, unit, subunit, product) VALUES (1, 0, 0, 'a')");
  run("INSERT INTO gateway_ports (gateway_id, unit, subunit, port) VALUES (1, 0, 0, 0)");
  run("INSERT INTO gateway_templates (name, product, body) VALUES ('a', 'a', '<a/>')");
  run("INSERT INTO remote_clusters (name) VALUES ('b')");
  run("INSERT INTO remote_cluster_servers (cluster_id, prio, address) VALUES (1, 0, 'a')");
  run("INSERT INTO asset_versions (name, version, sha256, bytes) VALUES ('a', 1, '', 1)");
  for (const std::string& table : tables()) {
    auto columns = must(db_.prepare(columns_of(table)));
    ASSERT_NE(integer("SELECT count(*) FROM " + table), 0) << table;
    columns.start();
    while (must(columns.step())) {
      const std::string column(columns.text(0));
      const std::int64_t before = integer("SELECT max(seq) FROM change_log");
      const bool is_time = column == "changed_s";
      run("UPDATE " + table + " SET " + column + " = " + column + (is_time ? " - 9" : ""));
      EXPECT_GT(integer("SELECT max(seq) FROM change_log"), before) << table << "." << column;
    }
  }
}

TEST_F(Schema, ChildrenAreLoggedAsTheirDevice) {
  make_phone();
  run("DELETE FROM change_log");
  run("UPDATE lines SET label = 'x' WHERE idx = 1");
  run("DELETE FROM speed_dials");
  EXPECT_EQ(integer("SELECT count(*) FROM change_log"), 2);
  EXPECT_EQ(integer("SELECT count(*) FROM change_log WHERE tbl = 'devices' AND row_id = 1"), 2);
}

TEST_F(Schema, ALineThatMovesIsLoggedForBothDevices) {
  make_phone();
  write(device("SEP001122334456"));
  run("DELETE FROM change_log");
  run("UPDATE lines SET device_id = 2, idx = 7 WHERE device_id = 1 AND idx = 2");
  EXPECT_EQ(joined("SELECT row_id FROM change_log ORDER BY 1"), "1,2");
}

TEST_F(Schema, ARenameAndADeleteLogTheOldName) {
  make_phone();
  run("DELETE FROM change_log");
  run("UPDATE devices SET name = 'SEP001122334456'");
  run("UPDATE devices SET owner = 'x'");
  run("DELETE FROM devices");
  EXPECT_EQ(joined("SELECT old_name FROM change_log WHERE old_name IS NOT NULL ORDER BY seq"),
            "SEP001122334455,SEP001122334456");
}

TEST_F(Schema, ChangedFollowsTheDeviceAndItsChildren) {
  make_phone();
  const std::string changed = "SELECT abs(changed_s - unixepoch()) <= 2 FROM devices";
  EXPECT_EQ(integer(changed), 1);
  for (const char* change :
       {"UPDATE devices SET owner = 'x'", "UPDATE lines SET label = 'x'", "DELETE FROM modules",
        "INSERT INTO speed_dials (device_id, button, number) VALUES (1, 9, '1')",
        "UPDATE vendor_overrides SET value = '0'"}) {
    run("UPDATE devices SET changed_s = 1000");
    EXPECT_EQ(integer("SELECT changed_s FROM devices"), 1000);
    run(change);
    EXPECT_EQ(integer(changed), 1) << change;
  }
}

TEST_F(Schema, ARowWithAFileOfItsOwnKeepsItsTimeAndTakesItsChildren) {
  run("INSERT INTO dial_plans (name, changed_s) VALUES ('hq', 1000)");
  EXPECT_EQ(integer("SELECT changed_s FROM dial_plans"), 1000);
  run("INSERT INTO dial_rules (plan_id, seq, pattern) VALUES (1, 1, '9,....')");
  EXPECT_EQ(integer("SELECT abs(changed_s - unixepoch()) <= 2 FROM dial_plans"), 1);
  run("UPDATE dial_plans SET changed_s = 1000");
  run("UPDATE dial_rules SET timeout_s = 5");
  EXPECT_NE(integer("SELECT changed_s FROM dial_plans"), 1000);
  sqlite("PRAGMA foreign_keys = OFF");
  run("DELETE FROM dial_plans");
  EXPECT_EQ(integer("SELECT count(*) FROM dial_rules"), 0);
}

TEST_F(Schema, ADeviceTakesItsChildrenEvenWithoutForeignKeys) {
  for (const char* keys : {"ON", "OFF"}) {
    make_phone();
    sqlite(std::string("PRAGMA foreign_keys = ") + keys);
    run("DELETE FROM devices");
    for (const char* table : {"lines", "speed_dials", "vendor_overrides", "modules"}) {
      EXPECT_EQ(integer(std::string("SELECT count(*) FROM ") + table), 0) << table << keys;
    }
  }
}

TEST_F(Schema, ReferencesAreKept) {
  make_phone();
  for (const char* table : {"models", "device_pools", "common_profiles", "sip_profiles",
                            "security_profiles", "cm_groups", "date_time_groups", "locales"}) {
    const auto deleted = db_.execute(std::string("DELETE FROM ") + table);
    EXPECT_FALSE(deleted.ok()) << table;
  }
}

TEST_F(Schema, HasTheWholeCatalogue) {
  std::int64_t rows = 0;
  for (const generator::CatalogueModel& model : generator::model_catalogue()) {
    rows += model.sccp + model.sip;
  }
  EXPECT_EQ(integer("SELECT count(*) FROM models"), rows);
  EXPECT_EQ(text("SELECT default_load FROM models WHERE number = 436 AND protocol = 'SCCP'"),
            "SCCP45.9-4-2SR3-1S");
  EXPECT_EQ(integer("SELECT count(*) FROM phone_services"), 6);
  EXPECT_EQ(integer("SELECT count(*) FROM change_log"), 0);
}

TEST_F(Schema, ADeviceIsUpperCaseAndUnique) {
  const std::string insert = "INSERT INTO devices (name, model_id) VALUES ";
  EXPECT_FALSE(db_.execute(insert + "('sep001122334455', 1)").ok());
  EXPECT_TRUE(db_.execute(insert + "('SEP001122334455', 1)").ok());
  EXPECT_FALSE(db_.execute(insert + "('SEP001122334455', 1)").ok());
}

}  // namespace
}  // namespace dialtone::database
