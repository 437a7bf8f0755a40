// SPDX-License-Identifier: Apache-2.0
//
// What is exported, an empty database takes, and is then equal: in its rows, and in every file that
// is built of it.
#include "control/import/export.h"

#include "control/build/builder.h"
#include "control/database/device_keys.h"
#include "control/import/csv_import.h"
#include "control/import/json_import.h"
#include "control/import/replace.h"
#include "control/import/tag_order.h"
#include "tests/unit/control_database/temp_database.h"

#include <gtest/gtest.h>

#include <string>

namespace dialtone::importing {
namespace {

using test::must;

// Something in every table that an import knows.
constexpr const char* kCampus = R"({
  "cm_nodes": [{"name": "cm-a", "address": "10.0.0.1", "sccp_port": 2001}, {"name": "cm-b"}],
  "cm_groups": [{"name": "Main", "is_default": true, "members": ["cm-b", "cm-a"]}],
  "ntp_servers": [{"address": "10.0.0.9"}],
  "date_time_groups": [{"name": "Oslo", "olson_time_zone": "Europe/Oslo", "ntp": ["10.0.0.9"]}],
  "srst_references": [{"name": "branch", "option": "Enable", "address1": "10.1.0.1"}],
  "device_pools": [{"name": "Oslo", "cm_group": "Main", "date_time_group": "Oslo",
                    "srst": "branch"}, {"name": "Default", "user_locale": null}],
  "models": [{"number": 683, "protocol": "SIP", "name": "Cisco 8841", "default_load": "own-1"}],
  "common_profiles": [{"name": "Open", "settings": {}, "common_config": {"webAccess": "0"}}],
  "sip_profiles": [{"name": "Long", "settings": {}}],
  "phone_services": [{"name": "News, \"daily\"", "url": "http://news/"}],
  "service_parameters": [{"name": "build-cnf", "value": "none"}],
  "enterprise_config": [{"name": "zeta", "value": "1"}, {"name": "alpha", "value": "2"}],
  "line_profiles": [{"name": "Loud", "ring_idle": 5, "show_caller_name": false}],
  "dial_plans": [{"name": "hq", "rules": [{"pattern": "9,........", "timeout_s": 0},
                                          {"pattern": "*", "timeout_s": 5}], "changed_s": 77}],
  "softkey_templates": [{"name": "std", "sets": [
      {"state": "On Hook", "keys": ["NewCall", "Redial"]}]}],
  "feature_policies": [{"name": "Guest", "settings": {"Park": "false"}}],
  "application_rules": [{"name": "out", "begins_with": "9", "num_digits": 8}],
  "ring_tones": [{"list": "ring", "name": "Chime", "file": "Chime.raw"}],
  "family_parameters": [{"family": "sip7960", "name": "timer_t1", "value": "500"}],
  "em_profiles": [{"name": "jo", "user_id": "jo", "dial_plan": "hq",
      "lines": [{"button": 1, "dn": "7001", "profile": "Loud"}, {"button": 4, "dn": "7004"}],
      "speed_dials": [{"button": 2, "feature": 21, "number": "7002"}]}],
  "gateway_templates": [{"name": "vg", "product": "VG310", "body": "<a>\n{{gateway.name}}</a>\n"}],
  "gateways": [{"name": "gw1", "kind": "mgcp", "pool": "Oslo", "settings": {"tftpRetries": "2"},
      "units": [{"unit": 0, "product": "VG310"}],
      "subunits": [{"unit": 0, "subunit": 1, "product": "24FXS", "begin_port": 1}],
      "ports": [{"unit": 0, "subunit": 1, "port": 3, "dn": "1"}]}],
  "remote_clusters": [{"name": "emea", "fqdn": "cm.emea", "version": "7.1.5", "servers": [
      {"address": "10.9.0.1"}, {"address": "10.9.0.2"}]}]
})";

constexpr const char* kPhones =
    "name,model,protocol,pool,description,line1.dn,line1.profile,line12.dn,module1.type,"
    "module1.lines,speeddial5.number,speeddial5.feature,vendor.b,vendor.a,changed_s,em_profile\n"
    "SEP001122334455,8841,SIP,Oslo,\"Zo\xc3\xab, \"\"2nd\"\" floor\",1001,Loud,1012,CP-8800,28,"
    "99,blf,1,2,1700000000,\n"
    "SEP001122334456,8841,SIP,,,1002,,,,,,,,,1700000001,jo\n"
    "SEP001122334457,7965,SCCP,,,,,,,,,,3,,1700000002,\n";

class ExportTest : public test::TempDatabase {
 protected:
  static void import(database::Database& database, const std::string& json,
                     const std::string& csv) {
    Diagnostics faults;
    const auto shared = import_json(database, json, "campus.json", false, faults);
    ASSERT_TRUE(shared.ok()) << to_error(ErrorCode::kRefused, faults).text;
    CsvOptions options;
    options.file = "phones.csv";
    const auto phones = import_csv(database, csv, options, faults);
    ASSERT_TRUE(phones.ok()) << to_error(ErrorCode::kRefused, faults).text;
  }
  static Digest digest(const std::string& path, database::Database& database) {
    auto builder = must(build::Builder::create({path, "", 1, false}, &database));
    const auto report = must(builder.build_all());
    EXPECT_TRUE(report.faults.empty());
    EXPECT_EQ(report.devices, 4u);
    return builder.image().files().content_digest();
  }
};

TEST_F(ExportTest, AnEmptyDatabaseBecomesTheSame) {
  import(db_, kCampus, kPhones);
  // An order of tags that no order of columns gives.
  auto other = device("SEP001122334458", {{"vendor.a", "1"}, {"vendor.b", "{\"}"}});
  other.changed_s = 1700000003;
  write(other);
  run("UPDATE softkey_templates SET changed_s = 1234");

  const Export json = must(export_json(db_));
  const Export csv = must(export_csv(db_));
  EXPECT_TRUE(json.warnings.empty() && csv.warnings.empty());
  EXPECT_EQ(csv.rows, 4u);
  test::TempFolder folder;
  const std::string path = test::new_database(folder);
  auto copy = must(database::Database::open(path));
  import(copy, json.text, csv.text);

  EXPECT_EQ(must(export_json(copy)).text, json.text);
  EXPECT_EQ(must(export_csv(copy)).text, csv.text);
  EXPECT_EQ(to_hex(digest(path_, db_)), to_hex(digest(path, copy)));
}

TEST_F(ExportTest, TheWholeIsEqualToWhatIsThere) {
  import(db_, kCampus, kPhones);
  Diagnostics faults;
  const auto json = must(import_json(db_, must(export_json(db_)).text, "x", false, faults));
  EXPECT_EQ(json.unchanged, json.rows);
  const auto csv = must(import_csv(db_, must(export_csv(db_)).text, {"x", {}, false}, faults));
  EXPECT_EQ(csv.unchanged, 3u);
}

TEST_F(ExportTest, AnEmptyTableOfPhonesCanBeImported) {
  const Export csv = must(export_csv(db_));
  EXPECT_EQ(csv.text, "name\n");
  Diagnostics faults;
  EXPECT_EQ(must(import_csv(db_, csv.text, {"x", {}, false}, faults)).rows, 0u);
}

TEST_F(ExportTest, WhatNoImportTakesIsSaid) {
  write(device("SEP001122334455"));
  run("UPDATE devices SET name = 'NO NAME'");
  const Export csv = must(export_csv(db_));
  EXPECT_EQ(csv.rows, 0u);
  ASSERT_EQ(csv.warnings.size(), 1u);
  EXPECT_NE(csv.warnings[0].find("device 'NO NAME': left out"), std::string::npos);
}

// A backup that no restore takes is none.
TEST_F(ExportTest, AnObjectThatNoImportTakesIsRefused) {
  run("UPDATE models SET vendor_config = '{\"a\":{}}' WHERE name = 'Cisco 8841'");
  const auto json = export_json(db_);
  ASSERT_FALSE(json.ok());
  EXPECT_EQ(
      json.error().text,
      "models \"Cisco 8841\": vendor_config: it gives \"a\" something that is no text; correct "
      "it in that row by 'dialtone import json' ({} is an empty one)");
}

// Only an import of an export sets a time; what is changed otherwise has the time of the change.
TEST_F(ExportTest, AChangeHasItsOwnTime) {
  auto phone = device("SEP001122334455");
  phone.changed_s = 1000;
  write(phone);
  EXPECT_EQ(integer("SELECT changed_s FROM devices"), 1000);
  auto found = must(database::DeviceStore(db_).find("SEP001122334455")).value();
  must(set_key(found, "label", "Lobby"));
  write(found);
  EXPECT_GT(integer("SELECT changed_s FROM devices"), 1'700'000'000);
}

// What is not in the exports goes, the rows that a new database brings too; devices that name no
// pool have the first one, as before.
TEST_F(ExportTest, AReplacementLeavesNothingBehind) {
  run("DELETE FROM phone_services WHERE name = 'Voicemail'");
  import(db_, kCampus, kPhones);
  const Export json = must(export_json(db_));
  const Export csv = must(export_csv(db_));
  test::TempFolder folder;
  auto other = must(database::Database::open(test::new_database(folder)));
  import(other, R"({"device_pools": [{"name": "Gone", "cm_group": "Default",
                    "date_time_group": "CMLocal"}]})",
         "name,model,pool\nSEP0000000000AA,8845,Gone\n");
  Diagnostics faults;
  {
    auto transaction = must(database::Transaction::begin(other));
    must(replace_all(other, {json.text, csv.text, "j", "c"}, faults));
    must(transaction.commit());
  }
  EXPECT_TRUE(faults.empty());
  EXPECT_EQ(must(export_json(other)).text, json.text);
  EXPECT_EQ(must(export_csv(other)).text, csv.text);
  EXPECT_EQ(must(other.integer("SELECT count(*) FROM device_pools WHERE id = 1 AND "
                               "name = 'Default'")),
            1);
}

// Nobody else may write it, but what was saved comes back.
TEST_F(ExportTest, AReplacementBringsBackAWrongParameter) {
  run("INSERT INTO devices (name, model_id) SELECT 'SEP001122334455', id FROM models "
      "WHERE number = 20000 AND protocol = 'SIP'");
  run("INSERT INTO vendor_overrides SELECT id, 0, 'Dhcp', 'x' FROM devices");
  run("INSERT INTO family_parameters (family, name, value) VALUES ('ld', 'Dhcp', 'x')");
  const Export json = must(export_json(db_));
  const Export csv = must(export_csv(db_));
  Diagnostics faults;
  auto transaction = must(database::Transaction::begin(db_));
  must(replace_all(db_, {json.text, csv.text, "j", "c"}, faults));
  EXPECT_TRUE(faults.empty());
}

TEST(TagOrder, AgreesWhereListsDo) {
  const auto order = merged_order({{"b", "a"}, {"a", "c"}, {"z", "b"}});
  EXPECT_EQ(order, (std::vector<std::string>{"z", "b", "a", "c"}));
  EXPECT_TRUE(is_in_order({"z", "c"}, order));
  EXPECT_FALSE(is_in_order({"c", "z"}, order));
  EXPECT_EQ(merged_order({{"a", "b"}, {"b", "a"}}).size(), 2u);
}

}  // namespace
}  // namespace dialtone::importing
