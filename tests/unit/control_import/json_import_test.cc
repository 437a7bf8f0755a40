// SPDX-License-Identifier: Apache-2.0
#include "control/import/json_import.h"

#include "control/database/campus_loader.h"
#include "control/import/import_all.h"
#include "control/import/json_reader.h"
#include "control/import/shared_tables.h"
#include "tests/unit/control_database/temp_database.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace dialtone::importing {
namespace {

using test::must;

class JsonImport : public test::TempDatabase {
 protected:
  // "rows added updated unchanged", or the faults, a line each.
  std::string import(std::string_view text, bool check = false) {
    Diagnostics faults;
    const auto report = import_json(db_, text, "c.json", check, faults);
    EXPECT_FALSE(db_.in_transaction());
    if (report) {
      return std::to_string(report->rows) + " " + std::to_string(report->added) + " " +
             std::to_string(report->updated) + " " + std::to_string(report->unchanged);
    }
    EXPECT_EQ(report.error().code, ErrorCode::kRefused);
    return to_error(ErrorCode::kRefused, faults).text;
  }
};

// Every table, and each kind of column.
constexpr const char* kAll = R"({
  "line_profiles": [{"name": "quiet", "ring_idle": 1, "is_shared": true}],
  "enterprise_config": [{"name": "webAccess", "value": "1"}],
  "service_parameters": [{"name": "ssh_user", "value": "admin"},
                         {"name": "idle_timeout_s", "value": 9},
                         {"name": "auto_registration", "value": "SIP"}],
  "phone_services": [{"name": "Menu", "type": 0, "url": "http://192.0.2.9/m?a=1&b=2"}],
  "security_profiles": [{"name": "secure", "settings": {"mode": 3, "encrypted_config": true}}],
  "sip_profiles": [{"name": "fast", "settings": {"timer_t1_ms": "250"}}],
  "common_profiles": [{"name": "c", "settings": {"phone_password": "1"}, "common_config": {"b": 1}}],
  "models": [{"number": 9999, "name": "Cisco 9999", "protocol": "SIP", "max_lines": 3,
              "vendor_config": {"z": "1", "a": "2"}},
             {"number": 436, "protocol": "SIP", "default_load": "SIP45.mine"}],
  "device_pools": [{"name": "P", "cm_group": "G", "date_time_group": "T", "srst": "S",
                    "user_locale": "German_Germany", "network_locale": "Germany",
                    "connection_monitor_s": 60}],
  "locales": [{"kind": "user", "name": "German_Germany", "lang_code": "de_DE", "uid": 3},
              {"kind": "network", "name": "Germany", "uid": 64}],
  "srst_references": [{"name": "S", "option": "Enable", "address1": "192.0.2.1", "port1": 2001}],
  "date_time_groups": [{"name": "T", "ntp": ["192.0.2.3", "192.0.2.2"]}],
  "ntp_servers": [{"address": "192.0.2.2"}, {"address": "192.0.2.3", "mode": "directedbroadcast"}],
  "cm_groups": [{"name": "G", "members": ["n2", "n1"], "is_default": true}],
  "cm_nodes": [{"name": "n1", "address": "192.0.2.10"}, {"name": "n2", "sip_port": 5070}]
})";

TEST_F(JsonImport, AParameterOfAWrongTypeIsAFaultOfItsRow) {
  EXPECT_EQ(import(R"({"family_parameters": [{"family": "ld", "name": "Dhcp", "value": "0"},
 {"family": "ld", "name": "NTPIP", "value": "ntp"}, {"family": "gk", "name": "NoSuch", "value": ""}],
 "models": [{"name": "Cisco 7905", "number": 20000, "protocol": "SIP", "vendor_config": {"Dhcp": "x"}}]})"),
            "c.json:2:36: bad-value: family_parameters[1]: value: the parameter 'NTPIP' takes an "
            "IPv4 address, as 192.0.2.1, not 'ntp'\n"
            "c.json:2:88: bad-value: family_parameters[2]: value: there is no parameter 'NoSuch'\n"
            "c.json:3:72: bad-value: models[0]: vendor_config: the parameter 'Dhcp' takes 0 or 1, "
            "not 'x'");
  EXPECT_EQ(integer("SELECT count(*) FROM family_parameters"), 0);
}

TEST_F(JsonImport, ANullTakesAParameterOfAFamilyAway) {
  run("INSERT INTO family_parameters (family, name, value) VALUES ('ld', 'NoSuch', '1')");
  const char* gone =
      R"({"family_parameters": [{"family": "ld", "name": "NoSuch", "value": null}]})";
  EXPECT_EQ(import(gone, /*check=*/true), "1 0 1 0");
  EXPECT_EQ(import(gone), "1 0 1 0");
  EXPECT_EQ(integer("SELECT count(*) FROM family_parameters"), 0);
  EXPECT_EQ(import(gone), "1 0 0 1");
  EXPECT_EQ(import(R"({"family_parameters": [{"family": "ld", "value": null}]})"),
            "c.json:1:24: missing-key: family_parameters[0]: it has no \"name\"");
}

TEST_F(JsonImport, EveryTableReachesTheCampus) {
  EXPECT_EQ(import(kAll), "21 20 1 0");
  const generator::Campus campus = must(database::load_campus(db_)).campus;
  const generator::DevicePool& pool = campus.device_pools.at(1);
  EXPECT_EQ(pool.connection_monitor_s, 60u);
  const generator::CmGroup& group = campus.cm_groups.at(pool.cm_group);
  EXPECT_EQ(group.name, "G");
  ASSERT_EQ(group.members.size(), 2u);
  EXPECT_EQ(campus.cm_nodes.at(group.members[0]).sip_port, 5070);
  EXPECT_EQ(
      campus.ntp_servers.at(campus.date_time_groups.at(pool.date_time_group).ntp_servers.at(0))
          .address,
      "192.0.2.3");
  EXPECT_EQ(campus.srst_references.at(pool.srst).port1, 2001);
  EXPECT_EQ(campus.security_profiles.at(1).mode, 3u);
  EXPECT_TRUE(campus.security_profiles.at(1).encrypted_config);
  EXPECT_EQ(campus.sip_profiles.at(1).timer_t1_ms, 250u);
  EXPECT_EQ(campus.common_profiles.at(1).common_config.at(0).value, "1");
  EXPECT_EQ(campus.models.back().vendor_config.at(0).name, "z");
  EXPECT_EQ(campus.enterprise.idle_timeout_s, 9u);
  EXPECT_EQ(campus.phone_services.back().name, "Menu");
  EXPECT_EQ(text("SELECT default_load FROM models WHERE number = 436 AND protocol = 'SIP'"),
            "SIP45.mine");
  // The one that was the default before is no more.
  EXPECT_EQ(text("SELECT group_concat(name) FROM cm_groups WHERE is_default"), "G");
}

// What is written to a file without a name is lost with the process.
TEST_F(JsonImport, IntoAFileThatWasMovedIsNone) {
  std::filesystem::rename(path_, path_ + ".away");
  Diagnostics faults;
  const auto report =
      import_json(db_, R"({"cm_nodes":[{"name":"late"}]})", "c.json", /*check=*/false, faults);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().text, "nothing was imported: the database file " + path_ +
                                     ", or its -wal, was moved or replaced meanwhile");
  std::filesystem::rename(path_ + ".away", path_);
  EXPECT_EQ(integer("SELECT count(*) FROM cm_nodes WHERE name = 'late'"), 0);
}

TEST_F(JsonImport, IntoALogThatWasRemovedIsNone) {
  Diagnostics faults;
  FaultList list("c.json", faults);
  ImportProgress progress;
  const auto report =
      import_all(db_, "c.json", /*check=*/false, list, progress, [&]() -> Result<ImportReport> {
        run("INSERT INTO cm_nodes (name) VALUES ('late')");
        std::filesystem::remove(path_ + "-wal");
        return ImportReport{};
      });
  EXPECT_FALSE(report.ok());
}

TEST_F(JsonImport, AgainWritesNothing) {
  import(kAll);
  const std::string seq = "SELECT seq FROM sqlite_sequence WHERE name = 'change_log'";
  const std::int64_t before = integer(seq);
  EXPECT_EQ(import(kAll), "21 0 0 21");
  EXPECT_EQ(integer(seq), before);
}

TEST_F(JsonImport, OnlyTheKeysOfTheFileAreChanged) {
  import(kAll);
  EXPECT_EQ(import(R"({"device_pools": [{"name": "P", "srst": null}],
                       "cm_groups": [{"name": "G", "members": ["n1"]}],
                       "cm_nodes": [{"name": "n2", "sip_port": 5070}]})"),
            "3 0 2 1");
  EXPECT_EQ(integer("SELECT connection_monitor_s FROM device_pools WHERE name = 'P'"), 60);
  EXPECT_EQ(integer("SELECT srst_id IS NULL FROM device_pools WHERE name = 'P'"), 1);
  EXPECT_EQ(integer("SELECT count(*) FROM cm_group_members WHERE group_id = 2"), 1);
}

TEST_F(JsonImport, CollectsAllFaultsWithTheirPlace) {
  EXPECT_EQ(
      import(R"({
    "cm_node": [],
    "cm_nodes": [{"name": "n1", "sip_prot": 1}, {"name": "n2", "sip_port": 70000}, 5, {"address": "x"},
                 {"name": "ok"}, {"name": "ok"}],
    "cm_groups": [{"name": "G", "members": ["okk"]}, {"name": "H", "members": "ok"},
                  {"name": "I", "members": ["ok", "ok"]}, {"name": "", "is_default": 1}],
    "device_pools": [{"name": "P", "cm_group": "Defualt", "date_time_group": "CMLocal"},
                     {"name": "Q", "cm_group": "Default"}],
    "locales": [{"kind": "phone", "name": "x"}],
    "models": [{"number": 436, "protocol": "SIP", "vendor_config": {"a b": "1"}}],
    "sip_profiles": [{"name": "s", "settings": {"timer_t1_s": 5}}, {"name": "t", "settings": []}],
    "service_parameters": {"ssh_user": "x"},
    "enterprise_config": [{"name": "1x", "value": "1"}]
  })"),
      "c.json:2:5: unknown-table: 'cm_node' is no table; did you mean 'cm_nodes'?\n"
      "c.json:3:33: unknown-key: cm_nodes[0]: 'sip_prot' is no key of cm_nodes; did you mean "
      "'sip_port'?\n"
      "c.json:3:64: bad-value: cm_nodes[1]: sip_port: wants a number from 1 to 65535, not 70000\n"
      "c.json:3:84: bad-value: cm_nodes[2]: a row is an object of keys and values\n"
      "c.json:3:87: missing-key: cm_nodes[3]: it has no \"name\"\n"
      "c.json:4:34: duplicate-row: cm_nodes[5]: the same row as cm_nodes[4]\n"
      "c.json:5:33: unknown-reference: cm_groups[0]: members: 'okk' is no Unified CM node; did "
      "you mean 'ok'?\n"
      "c.json:5:68: bad-value: cm_groups[1]: members: wants a list of at most 5 names, not "
      "\"ok\"\n"
      "c.json:6:33: bad-value: cm_groups[2]: members: \"ok\" is there twice\n"
      "c.json:6:60: bad-value: cm_groups[3]: name: may not be empty\n"
      "c.json:6:72: bad-value: cm_groups[3]: is_default: wants true or false, not 1\n"
      "c.json:7:36: unknown-reference: device_pools[0]: cm_group: 'Defualt' is no Unified CM "
      "group; did you mean 'Default'?\n"
      "c.json:8:22: missing-key: device_pools[1]: a new row needs \"date_time_group\"\n"
      "c.json:9:18: bad-value: locales[0]: kind: wants user or network, not 'phone'\n"
      "c.json:10:51: bad-value: models[0]: vendor_config: 'a b' is no tag name\n"
      "c.json:11:36: bad-value: sip_profiles[0]: settings: \"timer_t1_s\" is no setting; did you "
      "mean \"timer_t1_ms\"?\n"
      "c.json:11:82: bad-value: sip_profiles[1]: settings: it is no JSON object of names and "
      "texts\n"
      "c.json:12:5: bad-value: service_parameters: a table is a list of rows: [{...}, ...]\n"
      "c.json:13:42: bad-value: enterprise_config[0]: '1x' is no tag name: a letter or '_', then "
      "letters, digits, '_', '-' and '.'");
  EXPECT_EQ(integer("SELECT count(*) FROM change_log"), 0);
}

TEST_F(JsonImport, AReleaseBeginsWithANumber) {
  EXPECT_EQ(import(R"({"cm_nodes": [{"name": "a", "version": "CUCM 7"}]})"),
            "c.json:1:29: bad-value: cm_nodes[0]: version: 'CUCM 7' is no release of Unified CM; "
            "one begins with a number, like 7.1(5) or 12.5.1");
  EXPECT_EQ(import(R"({"cm_nodes": [{"name": "a", "version": "7.1.5"}]})"), "1 1 0 0");
  EXPECT_EQ(integer("SELECT count(*) FROM cm_nodes WHERE version = '7.1.5'"), 1);
}

TEST_F(JsonImport, AllChoicesAreNamed) {
  EXPECT_EQ(import(R"({"gateways": [{"name": "g", "kind": "h323", "pool": "Default"}]})"),
            "c.json:1:29: bad-value: gateways[0]: kind: wants mgcp, sccp, vg248, saa or sda, not "
            "'h323'");
}

TEST_F(JsonImport, ACheckKeepsNothing) {
  EXPECT_EQ(import(kAll, true), "21 20 1 0");
  EXPECT_EQ(integer("SELECT count(*) FROM device_pools"), 1);
  EXPECT_EQ(integer("SELECT count(*) FROM change_log"), 0);
}

TEST_F(JsonImport, WhatIsNoJsonIsNamedByItsLine) {
  EXPECT_EQ(
      import("{\n  \"cm_nodes\": [\n    {\"name\": }\n]}"),
      "c.json:3:14: bad-json: the file is no JSON from here on: unexpected '}'; expected '[', "
      "'{', or a literal");
  EXPECT_EQ(import("[]").substr(0, 22), "c.json:1:1: no-object:");
  EXPECT_EQ(import("").substr(0, 21), "c.json:1:1: bad-json:");
  EXPECT_EQ(import("{\"cm_nodes\": [{\"name\": \"\xff\"}]}").substr(0, 22),
            "c.json:1:25: bad-json:");
  // Characters count, not bytes; and the library says this one by another exception.
  EXPECT_EQ(import("{\n \"\xc3\x89\": 1e400}"),
            "c.json:2:11: bad-json: the file is no JSON from here on: number overflow parsing "
            "'1e400'");
  EXPECT_LT(import("{\"" + std::string(100000, 'x')).size(), 400u);
}

// The library would keep one of them, and nobody would know which.
TEST_F(JsonImport, WhatIsThereTwiceIsAFault) {
  EXPECT_EQ(
      import(R"({"cm_nodes": [{"name": "n1"}], "cm_nodes": [{"name": "n2"}]})"),
      "c.json:1:32: duplicate-key: \"cm_nodes\" is there twice in one object; only one of them can "
      "count");
  EXPECT_EQ(integer("SELECT count(*) FROM cm_nodes WHERE name IN ('n1', 'n2')"), 0);
  EXPECT_EQ(
      import(R"({"cm_nodes": [{"name": "n1"}, {"name": "a", "sip_port": 1, "name": "b"}],
                       "sip_profiles": [{"name": "s", "settings": {"timer_t1_ms": "1",
                                                                   "timer_t1_ms": "2"}}],
                       "cm_node": []})"),
      "c.json:1:60: duplicate-key: cm_nodes[1]: \"name\" is there twice in one object; only one of "
      "them can count\n"
      "c.json:3:68: duplicate-key: sip_profiles[0]: settings: \"timer_t1_ms\" is there twice in "
      "one "
      "object; only one of them can count\n"
      "c.json:4:24: unknown-table: 'cm_node' is no table; did you mean 'cm_nodes'?");
}

// Each of these would keep the daemon's one thread for long.
TEST_F(JsonImport, WhatNoCampusHasEndsTheReading) {
  std::string keys;
  for (std::size_t i = 0; i <= kMaxJsonKeys; ++i) {
    keys += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":1";
  }
  EXPECT_EQ(import("{\"cm_nodes\": [{" + keys + "}]}"),
            "c.json:1:9146: too-large: cm_nodes[0]: an object has more than 1024 keys");
  std::string values = "{\"cm_nodes\": [1";
  for (std::size_t i = 0; i < kMaxJsonValues; ++i) {
    values += ",1";
  }
  EXPECT_EQ(import(values + "]}"),
            "c.json:1:2000013: too-large: the file has more than 1000000 values; split it, and "
            "import the "
            "parts one by one");
  std::string rows = "{\"cm_nodes\": [1";
  for (int i = 0; i < 1500; ++i) {
    rows += ",1";
  }
  const std::string said = import(rows + "]}");
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1000);
  EXPECT_NE(said.find("too-many-faults"), std::string::npos);
}

// The daemon reads the file: what it holds must not overflow its stack.
TEST_F(JsonImport, WhatIsNestedDeeplyIsRefusedWithItsLine) {
  const std::string open(1000000, '[');
  const std::string close(1000000, ']');
  EXPECT_EQ(import(open).substr(0, 22), "c.json:1:65: too-deep:");
  const std::string row = "{\"cm_nodes\": [\n{\"name\": \"n\", \"sip_port\": ";
  EXPECT_EQ(import(row + open + close + "}]}").substr(0, 22), "c.json:2:88: too-deep:");
  // What passes is named, not shown.
  const std::string deep = std::string(60, '[') + std::string(60, ']');
  EXPECT_EQ(
      import(row + deep + "}]}"),
      "c.json:2:15: bad-value: cm_nodes[0]: sip_port: wants a number from 1 to 65535, not a list "
      "of 1");
  EXPECT_EQ(
      import(R"({"cm_groups": [{"name": {}, "members": ["a", "b", "c", "d", "e", "f"]}]})"),
      "c.json:1:17: bad-value: cm_groups[0]: name: wants a text, not an object\n"
      "c.json:1:29: bad-value: cm_groups[0]: members: wants a list of at most 5 names, not a list "
      "of 6");
}

// Every column of every shared table can be imported, and every line of the table is a column.
TEST_F(JsonImport, KnowsEveryColumnOfTheSchema) {
  std::set<std::string> imported;
  for (const SharedTable& table : shared_tables()) {
    for (const SharedColumn& column : table.columns) {
      if (column.form == ColumnForm::kTime) {
        EXPECT_EQ(column.column, "changed_s");
        continue;
      }
      if (column.form == ColumnForm::kRows) {
        for (const SharedColumn& each : column.nested->rows.columns) {
          imported.insert(std::string(column.nested->rows.name) + "." + std::string(each.column));
        }
        continue;
      }
      const bool is_list = column.form == ColumnForm::kMembers;
      imported.insert(std::string(is_list ? table.members : table.name) + "." +
                      std::string(column.column));
    }
  }
  std::set<std::string> stored;
  auto columns = must(db_.query(
      "SELECT t.name || '.' || c.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c "
      "WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT IN ('change_log', "
      "'devices', 'lines', 'speed_dials', 'vendor_overrides', 'modules', "
      // What `files put` writes, of files that lie elsewhere.
      "'asset_versions')"));
  while (must(columns.step())) {
    const std::string_view name = columns.text(1);
    const bool is_ours = name == "id" || name == "group_id" || name == "prio" ||
                         name == "changed_s" || name == "plan_id" || name == "seq" ||
                         name == "template_id" || name == "position" || name == "profile_id" ||
                         name == "gateway_id" || name == "cluster_id";
    if (!is_ours) {
      stored.emplace(columns.text(0));
    }
  }
  EXPECT_EQ(imported, stored);
}

}  // namespace
}  // namespace dialtone::importing
