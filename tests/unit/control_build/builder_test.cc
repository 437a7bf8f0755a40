// SPDX-License-Identifier: Apache-2.0
//
// The image after each kind of change: of one device, of a row that devices share, of the folder,
// and of a row that cannot be built.
#include "control/build/builder.h"

#include "tests/unit/control_build/built_image.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

namespace dialtone::build {
namespace {

using test::must;

constexpr const char* kFirst = "sep000000000001.cnf.xml";
constexpr const char* kSecond = "sep000000000002.cnf.xml";
constexpr const char* kDefault = "xmldefault.cnf.xml";

class BuilderTest : public BuiltImage {
 protected:
  BuilderTest() {
    std::filesystem::create_directory(assets_);
    write(device("SEP000000000001", {{"description", "first"}}));
    write(device("SEP000000000002", {{"description", "second"}}));
    start(assets_, /*threads=*/2);
    const BuildReport report = must(builder_->build_all());
    EXPECT_TRUE(report.full);
    EXPECT_EQ(report.devices, 2u);
    EXPECT_TRUE(builder_->faults().empty());
  }

  void put_asset(const std::string& name, const std::string& text) {
    std::ofstream(assets_ + "/" + name) << text;
    must(builder_->follow_assets());
  }
  // As a shell leaves it that does not check references.
  void break_device(int id) {
    run("PRAGMA foreign_keys = OFF");
    run("UPDATE devices SET model_id = 9999, description = 'broken' WHERE id = " +
        std::to_string(id));
    run("PRAGMA foreign_keys = ON");
  }

  std::string assets_ = folder_.file("assets");
};

TEST_F(BuilderTest, AllDevicesAndTheDefaultAreBuilt) {
  EXPECT_TRUE(has(kFirst, "</devicePool>"));
  EXPECT_TRUE(content(kSecond).has_value());
  EXPECT_TRUE(has(kDefault, "<Default>"));
  EXPECT_EQ(builder_->image().files().size(), 3u);
}

TEST_F(BuilderTest, NothingChangedIsAReportOfNothing) {
  const std::uint64_t version = builder_->image().version();
  const BuildReport report = follow();
  EXPECT_EQ(report.devices + report.files, 0u);
  EXPECT_EQ(builder_->image().version(), version);
}

TEST_F(BuilderTest, OneDeviceChangedIsOneFile) {
  const auto second = content(kSecond);
  run("UPDATE lines SET label = 'Lobby' WHERE device_id = 1");
  const BuildReport report = follow();
  EXPECT_FALSE(report.full);
  EXPECT_EQ(report.devices, 1u);
  EXPECT_EQ(report.files, 1u);
  EXPECT_TRUE(has(kFirst, "Lobby"));
  EXPECT_EQ(content(kSecond), second);
}

TEST_F(BuilderTest, ASharedRowChangesAllThatUseIt) {
  run("UPDATE cm_nodes SET address = '192.0.2.44'");
  const BuildReport report = follow();
  EXPECT_FALSE(report.full);
  EXPECT_EQ(report.devices, 2u);
  for (const char* name : {kFirst, kSecond, kDefault}) {
    EXPECT_TRUE(has(name, "192.0.2.44")) << name;
  }
}

TEST_F(BuilderTest, AParameterThatStandsInNoFileBuildsNothing) {
  const std::uint64_t builds = builder_->full_builds().count;
  const std::uint64_t version = builder_->image().version();
  const auto is_nothing = [&](const char* sql) {
    run(sql);
    EXPECT_FALSE(must(builder_->preview()).everything) << sql;
    const BuildReport report = follow();
    EXPECT_EQ(report.full + report.devices + report.files, 0u) << sql;
  };
  is_nothing("INSERT INTO service_parameters (name, value) VALUES ('busy-text', 'later')");
  is_nothing("UPDATE service_parameters SET value = 'much later'");
  is_nothing("DELETE FROM service_parameters");
  // What holds without it.
  is_nothing("INSERT INTO service_parameters (name, value) VALUES ('build-cnf', 'selective')");
  EXPECT_EQ(builder_->full_builds().count, builds);
  EXPECT_EQ(builder_->image().version(), version);

  for (const char* sql : {"UPDATE service_parameters SET value = 'all'",
                          "INSERT INTO service_parameters (name, value) VALUES ('ssh_user', 'joe')",
                          "DELETE FROM service_parameters"}) {
    run(sql);
    EXPECT_TRUE(must(builder_->preview()).everything) << sql;
    EXPECT_TRUE(follow().full) << sql;
  }
  EXPECT_FALSE(has(kFirst, "joe"));
}

TEST_F(BuilderTest, ADialPlanHasItsFilesAndIsNamedByItsPhones) {
  run("INSERT INTO dial_plans (name) VALUES ('hq')");
  run("INSERT INTO dial_rules (plan_id, seq, pattern, timeout_s) VALUES (1, 1, '9,.......', 2)");
  run("UPDATE devices SET dial_plan_id = 1 WHERE id = 1");
  EXPECT_FALSE(follow().full);
  EXPECT_TRUE(has("drhq.xml", "match=\"9,.......\""));
  EXPECT_TRUE(has("hq.xml", "MATCH=\"9,.......\""));
  EXPECT_TRUE(has(kFirst, "<dialTemplate>DRhq.xml</dialTemplate>"));
  EXPECT_TRUE(has(kSecond, "<dialTemplate></dialTemplate>"));

  // Its rules are in its own files alone.
  run("UPDATE dial_rules SET timeout_s = 3");
  EXPECT_EQ(follow().files, 2u);
  EXPECT_TRUE(has("drhq.xml", "timeout=\"3\""));

  run("UPDATE dial_plans SET name = 'branch'");
  EXPECT_EQ(follow().files, 5u);
  EXPECT_FALSE(content("drhq.xml").has_value());
  EXPECT_TRUE(has(kFirst, "<dialTemplate>DRbranch.xml</dialTemplate>"));
}

TEST_F(BuilderTest, ADialPlanThatCannotBeAFileKeepsItsLastGoodOne) {
  run("INSERT INTO dial_plans (name) VALUES ('hq')");
  follow();
  run("INSERT INTO dial_plans (name) VALUES ('HQ')");
  const BuildReport report = follow();
  ASSERT_EQ(report.faults.size(), 2u);
  EXPECT_NE(report.faults[0].text.find("two rows want this name; rename one"), std::string::npos);
  EXPECT_TRUE(content("drhq.xml").has_value());
  must(builder_->build_all());
  EXPECT_TRUE(content("drhq.xml").has_value());
  EXPECT_EQ(builder_->faults().size(), 2u);
  run("UPDATE dial_plans SET name = 'branch' WHERE name = 'HQ'");
  follow();
  EXPECT_TRUE(builder_->faults().empty());
}

TEST_F(BuilderTest, ADeviceThatChangesItsModelLeavesNoFileOfTheOldOne) {
  const auto model = [](int number) {
    return "UPDATE devices SET model_id = (SELECT id FROM models WHERE protocol = 'SIP' AND number "
           "= " +
           std::to_string(number) + ") WHERE id = 1";
  };
  const char* const names[] = {kFirst, "sip000000000001.cnf", "ld000000000001", "gk000000000001",
                               "ata000000000001"};
  const int numbers[] = {683, 7, 20000, 30007, 12};
  for (std::size_t now = 5; now-- > 0;) {
    run(model(numbers[now]));
    follow();
    for (std::size_t i = 0; i < 5; ++i) {
      EXPECT_EQ(content(names[i]).has_value(), i == now) << names[i] << " as " << numbers[now];
    }
  }
  // The first phone of a family brings its defaults, a full build finds the same.
  run(model(7));
  follow();
  EXPECT_TRUE(has("sipdefault.cnf", "sync: 1"));
  EXPECT_TRUE(has("syncinfo.xml", "SYNC=\"1\""));
  must(builder_->build_all());
  EXPECT_TRUE(content(names[1]).has_value());
  EXPECT_FALSE(content(kFirst).has_value());
  EXPECT_FALSE(content("lddefault.cfg").has_value());

  run("UPDATE devices SET name = 'SEP000000000009' WHERE id = 1");
  follow();
  EXPECT_FALSE(content(names[1]).has_value());
  EXPECT_TRUE(content("sip000000000009.cnf").has_value());
  run("DELETE FROM devices WHERE id = 1");
  follow();
  EXPECT_FALSE(content("sip000000000009.cnf").has_value());
}

TEST_F(BuilderTest, AFaultyProfileKeepsItsLastGoodOne) {
  run("UPDATE devices SET model_id = (SELECT id FROM models WHERE number = 20000 AND protocol = "
      "'SIP') WHERE id = 1");
  follow();
  const auto good = content("ld000000000001");
  ASSERT_TRUE(good.has_value());
  run("INSERT INTO vendor_overrides VALUES (1, 1, 'NTPIP', 'ntp.example')");
  const BuildReport report = follow();
  ASSERT_EQ(report.faults.size(), 1u);
  EXPECT_NE(report.faults[0].text.find("SEP000000000001: the parameter 'NTPIP' takes an IPv4"),
            std::string::npos);
  EXPECT_EQ(content("ld000000000001"), good);
  must(builder_->build_all());
  EXPECT_EQ(content("ld000000000001"), good);
  EXPECT_EQ(builder_->faults().size(), 1u);
  run("UPDATE vendor_overrides SET value = '192.0.2.7'");
  follow();
  EXPECT_TRUE(builder_->faults().empty());
  EXPECT_TRUE(has("ld000000000001", "NTPIP:192.0.2.7"));
}

TEST_F(BuilderTest, AnAddedDeviceAppearsAndARemovedOneGoes) {
  write(device("SEP000000000003"));
  run("DELETE FROM devices WHERE id = 1");
  follow();
  EXPECT_TRUE(content("sep000000000003.cnf.xml").has_value());
  EXPECT_FALSE(content(kFirst).has_value());
}

TEST_F(BuilderTest, ABuiltFileHidesAnAssetUntilItsDeviceGoes) {
  put_asset(kFirst, "by hand");
  EXPECT_FALSE(has(kFirst, "by hand"));
  run("DELETE FROM devices WHERE id = 1");
  follow();
  EXPECT_EQ(content(kFirst), "by hand");
}

// An asset may be equal to the file that hides it, as one that was taken from a served file is.
TEST_F(BuilderTest, ABuiltFileIsItsOwnThoughAnAssetIsEqual) {
  const auto plan = [this] {
    run("INSERT INTO dial_plans (name, changed_s) VALUES ('hq', 1700000000)");
  };
  plan();
  follow();
  const std::string built = content("hq.xml").value();
  run("DELETE FROM dial_plans");
  follow();
  put_asset("hq.xml", built);
  plan();
  for (const bool full : {false, true}) {
    full ? must(builder_->build_all()) : follow();
    EXPECT_EQ(content("hq.xml"), built);
    expect_counts();
  }
  std::filesystem::remove(assets_ + "/hq.xml");
  must(builder_->follow_assets());
  EXPECT_EQ(content("hq.xml"), built);
  put_asset("hq.xml", built);
  run("DELETE FROM dial_plans");
  follow();
  EXPECT_EQ(content("hq.xml"), built);
  expect_counts();
  std::filesystem::remove(assets_ + "/hq.xml");
  must(builder_->follow_assets());
  EXPECT_FALSE(content("hq.xml").has_value());
}

TEST_F(BuilderTest, ADeviceThatCannotBeBuiltKeepsItsLastGoodFile) {
  const auto good = content(kFirst);
  break_device(1);
  const BuildReport report = follow();
  EXPECT_EQ(report.devices + report.files, 0u);
  ASSERT_EQ(report.faults.size(), 1u);
  EXPECT_NE(report.faults[0].text.find("SEP000000000001"), std::string::npos);
  EXPECT_EQ(content(kFirst), good);
  EXPECT_EQ(must(builder_->build_all()).faults.size(), 1u);
  EXPECT_EQ(content(kFirst), good);
}

TEST_F(BuilderTest, AFaultStandsUntilItIsMended) {
  break_device(1);
  follow();
  // What happens to others does not change it.
  run("UPDATE lines SET label = 'Lobby' WHERE device_id = 2");
  follow();
  put_asset("other", "x");
  EXPECT_TRUE(has(kSecond, "Lobby"));
  ASSERT_EQ(builder_->faults().size(), 1u);
  must(builder_->build_all());
  EXPECT_EQ(builder_->faults().size(), 1u);
  run("UPDATE devices SET model_id = (SELECT model_id FROM devices WHERE id = 2) WHERE id = 1");
  follow();
  EXPECT_TRUE(builder_->faults().empty());
}

TEST_F(BuilderTest, AnAssetBehindADeviceIsAFaultUntilOneGoes) {
  put_asset(kFirst, "by hand");
  ASSERT_EQ(builder_->faults().size(), 1u);
  EXPECT_EQ(builder_->faults()[0].code, "hidden");
  std::filesystem::remove(assets_ + "/" + kFirst);
  must(builder_->follow_assets());
  EXPECT_TRUE(builder_->faults().empty());
}

TEST_F(BuilderTest, WhatAFailedBuildHadReadIsBuiltByTheNext) {
  std::ofstream(assets_ + "/RingList.xml") << "rings";
  std::filesystem::rename(path_, path_ + ".away");
  EXPECT_FALSE(builder_->build_all().ok());
  std::filesystem::rename(path_ + ".away", path_);
  EXPECT_FALSE(content("ringlist.xml").has_value());
  EXPECT_TRUE(must(builder_->follow_assets()).full);
  EXPECT_EQ(content("ringlist.xml"), "rings");
}

TEST_F(BuilderTest, AFullBuildThatChangesNothingKeepsTheSegments) {
  const std::uint64_t version = builder_->image().version();
  const auto* before = builder_->image().files().find(kFirst)->segment.get();
  const BuildReport report = must(builder_->build_all());
  EXPECT_EQ(report.files, 0u);
  EXPECT_EQ(builder_->image().version(), version);
  EXPECT_EQ(builder_->image().files().find(kFirst)->segment.get(), before);
}

TEST_F(BuilderTest, AFullBuildCountsWhatDiffers) {
  run("UPDATE lines SET label = 'Lobby' WHERE device_id = 1");
  run("DELETE FROM devices WHERE id = 2");
  EXPECT_EQ(must(builder_->build_all()).files, 2u);
}

TEST_F(BuilderTest, TheChangeLogDoesNotGrowForEver) {
  run("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) "
      "INSERT INTO change_log (tbl, row_id, op) SELECT 'devices', 1, 'update' FROM n");
  follow();
  EXPECT_EQ(integer("SELECT count(*) FROM change_log"), 10'000);
  run("UPDATE lines SET label = 'Lobby' WHERE device_id = 2");
  EXPECT_FALSE(follow().full);
  EXPECT_TRUE(has(kSecond, "Lobby"));
}

TEST_F(BuilderTest, ALargeChangeAppearsWithHugePagesOrWithout) {
  Builder builder = must(Builder::create({path_, "", 2, /*huge_pages=*/true}, &db_));
  must(builder.build_all());
  run("BEGIN");
  for (int i = 0; i < 256; ++i) {
    char name[32];
    std::snprintf(name, sizeof(name), "SEP0000000001%02X", i);
    write(device(name));
  }
  run("COMMIT");
  EXPECT_EQ(must(builder.follow_database()).devices, 256u);
  EXPECT_TRUE(builder.faults().empty());
  EXPECT_NE(builder.image().files().find("sep0000000001ff.cnf.xml"), nullptr);
}

}  // namespace
}  // namespace dialtone::build
