// SPDX-License-Identifier: Apache-2.0
//
// Equal rows give equal files, whichever way they became so: behind any sequence of changes the
// image is that of a full build.
#include "control/build/builder.h"
#include "tests/unit/control_build/built_image.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <random>
#include <string>

namespace dialtone::build {
namespace {

using test::must;

// One model of each family, those with files of what all their devices have in common among them.
constexpr std::array<const char*, 7> kModels = {
    "number = 7 AND protocol = 'SIP'",      // 7960: SIPDefault.cnf, syncinfo.xml
    "number = 7 AND protocol = 'SCCP'",     //
    "number = 20000 AND protocol = 'SIP'",  // 7905: lddefault.cfg
    "number = 30007 AND protocol = 'SIP'",  // 7912: gkdefault.cfg
    "number = 12 AND protocol = 'SCCP'",    // ATA 186
    "number = 2 AND protocol = 'SCCP'",     // 12 SP+
    "number = 436 AND protocol = 'SIP'"};   // 7965

class EqualBuilds : public BuiltImage {
 protected:
  EqualBuilds() {
    start("", /*threads=*/1);
    must(builder_->build_all());
  }
  void follow_as_a_full_build(const std::string& what) {
    const BuildReport report = follow();
    EXPECT_FALSE(report.full) << what;
    expect_as_a_full_build(what);
  }
  std::size_t below(std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(0, most - 1)(random_);
  }
  std::string model() {
    return "(SELECT id FROM models WHERE " + std::string(kModels[below(kModels.size())]) + ")";
  }

  std::mt19937 random_{20260};
};

TEST_F(EqualBuilds, FilesAreCountedByEachKindOfBuild) {
  run("INSERT INTO dial_plans (name) VALUES ('hq')");
  run("INSERT INTO gateways (name, kind) VALUES ('gw1', 'mgcp')");
  run("INSERT INTO devices (name, model_id) SELECT 'SEP000000000001', id FROM models "
      "WHERE number = 20000 AND protocol = 'SIP'");
  follow_as_a_full_build("one of each");
  const auto count = [&](abi::FileClass file_class) { return builder_->counts().of(file_class); };
  EXPECT_EQ(count(abi::FileClass::kDeviceConfig), 1u);
  EXPECT_EQ(count(abi::FileClass::kGateway), 1u);
  EXPECT_EQ(count(abi::FileClass::kDialPlan), 2u);
  must(builder_->build_all());
  expect_counts();
  // A fault keeps the last good file.
  run_without_references("UPDATE devices SET model_id = 99999");
  follow();
  expect_counts();
  must(builder_->build_all());
  expect_counts();
  EXPECT_EQ(count(abi::FileClass::kDeviceConfig), 1u);
  run("DELETE FROM devices; DELETE FROM gateways");
  follow();
  expect_counts();
  EXPECT_EQ(count(abi::FileClass::kDeviceConfig) + count(abi::FileClass::kGateway), 0u);
}

// Few names, so that families come and go all the time.
TEST_F(EqualBuilds, AnySequenceOfChangesEndsAsAFullBuild) {
  constexpr int kSteps = 60;
  for (int step = 0; step < kSteps && !HasFatalFailure(); ++step) {
    std::string all;
    for (std::size_t changes = 1 + below(2); changes != 0; --changes) {
      const std::string name = "'SEP00000000000" + std::to_string(below(4)) + "'";
      std::string sql;
      switch (below(4)) {
        case 0:
          sql = "DELETE FROM devices WHERE name = " + name;
          break;
        case 1:
          sql = "UPDATE devices SET model_id = " + model() + " WHERE name = " + name;
          break;
        default:
          sql = "INSERT INTO devices (name, model_id) SELECT " + name + ", " + model() +
                " WHERE NOT EXISTS (SELECT 1 FROM devices WHERE name = " + name + ")";
      }
      run(sql);
      all += sql + "; ";
    }
    follow_as_a_full_build("step " + std::to_string(step) + ": " + all);
  }
}

// So many that several threads render them, of some hundred that are picked from thousands: rows
// that many share, in any sequence with devices that come, go and change their model.
TEST_F(EqualBuilds, AnySequenceOfChangesOfManyEndsAsAFullBuild) {
  constexpr int kPhones = 6'000;
  constexpr int kSteps = 12;
  start("", /*threads=*/2);
  run("INSERT INTO device_pools (name, cm_group_id, date_time_group_id) SELECT 'branch', "
      "cm_group_id, date_time_group_id FROM device_pools WHERE id = 1");
  run("INSERT INTO dial_plans (name) VALUES ('hq')");
  run("INSERT INTO gateways (name, kind, pool_id) SELECT 'gw1', 'mgcp', id FROM device_pools "
      "WHERE name = 'branch'");
  run("BEGIN");
  for (int i = 0; i < kPhones; ++i) {
    char name[32];
    std::snprintf(name, sizeof(name), "SEP%012X", 0x1000 + i);
    run("INSERT INTO devices (name, model_id, pool_id, dial_plan_id) SELECT '" + std::string(name) +
        "', " + model() + ", id, " + (below(5) < 2 ? "1" : "NULL") +
        " FROM device_pools WHERE name = " + (below(5) < 2 ? "'branch'" : "'Default'"));
  }
  run("INSERT INTO lines (device_id, idx, dn) SELECT id, 1, id FROM devices WHERE id % 3 <> 0");
  run("COMMIT");
  must(builder_->build_all());
  for (int step = 0; step < kSteps && !HasFatalFailure(); ++step) {
    std::string sql;
    switch (below(5)) {
      case 0:
        sql = "UPDATE device_pools SET connection_monitor_s = " + std::to_string(step) +
              " WHERE name = 'branch'";
        break;
      case 1:
        sql = "UPDATE dial_plans SET name = 'plan" + std::to_string(step) + "'";
        break;
      case 2:
        sql = "UPDATE devices SET model_id = " + model() + " WHERE id % 5 < 2 AND id % 7 <> 0";
        break;
      case 3:
        sql = "DELETE FROM devices WHERE id % 97 = " + std::to_string(below(97));
        break;
      default:
        sql = "UPDATE devices SET name = 'SEP' || (" +
              std::to_string(900'000'000'000 + 100'000 * step) +
              " + id) WHERE id % 2 = 0 AND id % 9 <> 0";
    }
    run(sql);
    // One that leads nowhere, by a hand without foreign keys.
    run_without_references("UPDATE devices SET model_id = 99999 WHERE id = " +
                           std::to_string(1 + below(kPhones)));
    follow_as_a_full_build("step " + std::to_string(step) + ": " + sql);
  }
}

TEST_F(EqualBuilds, AboveHalfOfTheDevicesAllAreBuilt) {
  run("BEGIN");
  for (int i = 0; i < 2'100; ++i) {
    char name[32];
    std::snprintf(name, sizeof(name), "SEP%012X", 0x1000 + i);
    run("INSERT INTO devices (name, model_id) VALUES ('" + std::string(name) + "', " + model() +
        ")");
  }
  run("COMMIT");
  EXPECT_TRUE(follow().full);
  run("UPDATE device_pools SET connection_monitor_s = 7");
  EXPECT_TRUE(follow().full);
  run("UPDATE devices SET description = 'x' WHERE id <= 2000");
  EXPECT_FALSE(follow().full);
}

TEST_F(EqualBuilds, TheDefaultsOfAFamilyGoWithItsLastDevice) {
  const auto is_there = [&](const char* name) {
    return builder_->image().files().find(name) != nullptr;
  };
  for (const char* name : {"SEP000000000001", "SEP000000000002"}) {
    run("INSERT INTO devices (name, model_id) SELECT '" + std::string(name) +
        "', id FROM models WHERE number = 20000 AND protocol = 'SIP'");
    follow_as_a_full_build(name);
  }
  EXPECT_TRUE(is_there("lddefault.cfg"));
  run("DELETE FROM devices WHERE name = 'SEP000000000001'");
  follow_as_a_full_build("the first");
  EXPECT_TRUE(is_there("lddefault.cfg"));
  run("UPDATE devices SET model_id = (SELECT id FROM models WHERE number = 436)");
  follow_as_a_full_build("the last");
  EXPECT_FALSE(is_there("lddefault.cfg"));
  // Parameters alone keep them.
  run("INSERT INTO family_parameters (family, name, value) VALUES ('ld', 'UIPassword', '1')");
  follow();
  EXPECT_TRUE(is_there("lddefault.cfg"));
}

}  // namespace
}  // namespace dialtone::build
