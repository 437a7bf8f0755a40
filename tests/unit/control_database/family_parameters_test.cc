// SPDX-License-Identifier: Apache-2.0
#include "control/database/family_parameters.h"

#include "tests/unit/control_database/temp_database.h"

#include <gtest/gtest.h>

#include <string>

namespace dialtone::database {
namespace {

using test::must;

class FamilyParameters : public test::TempDatabase {};

// What SQLite counts of each statement of the connection.
class SqliteFamilyParameters : public test::TempDatabase {
 protected:
  std::int64_t counted(const std::string& what) {
    return integer("SELECT " + what + " FROM sqlite_stmt WHERE sql LIKE '%vendor_overrides v%'");
  }
  void add_device(int number) {
    const std::string name = "SEP0011223" + std::to_string(10'000 + number);
    write(device(name, {{"protocol", "SIP"}, {"vendor.webAcess", "1"}}));
  }
};

TEST_F(FamilyParameters, UnknownOnesAreSaidOfTheFamilyAndOfAllDevicesOrOfOne) {
  write(device("SEP001122334455", {{"protocol", "SIP"}, {"vendor.webAcess", "1"}}));
  write(device("SEP001122334456", {{"protocol", "SIP"}, {"vendor.webAccess", "1"}}));
  write(device("SEP001122334457",
               {{"model", "Cisco 7960"}, {"protocol", "SIP"}, {"vendor.no_such_setting", "1"}}));
  run("INSERT INTO family_parameters (family, name, value) VALUES ('sip7960', 'nor_this', '1')");
  const auto all = must(unknown_parameters(db_));
  ASSERT_EQ(all.size(), 3u);
  EXPECT_TRUE(all[0].starts_with("family_parameters: ")) << all[0];
  EXPECT_TRUE(all[1].starts_with("SEP001122334457: ")) << all[1];
  EXPECT_TRUE(all[2].starts_with("SEP001122334455: 'webAcess' is no tag")) << all[2];
  EXPECT_EQ(must(unknown_parameters(db_, "SEP001122334455")), std::vector{all[2]});
  EXPECT_EQ(must(unknown_parameters(db_, "SEP001122334457")), std::vector{all[1]});
  EXPECT_TRUE(must(unknown_parameters(db_, "SEP001122334456")).empty());
}

// Every `device set` asks this: it must not read a million rows of others.
TEST_F(SqliteFamilyParameters, OneDeviceIsReadAlone) {
  constexpr int kDevices = 100;
  for (int i = 0; i < kDevices; ++i) {
    add_device(i);
  }
  EXPECT_EQ(must(unknown_parameters(db_, "SEP001122310007")).size(), 1u);
  EXPECT_EQ(counted("sum(nscan)"), 0) << "rows met in a walk through a whole table";
  EXPECT_LT(counted("max(nstep)"), 3 * kDevices) << "steps of SQLite's machine";
  must(unknown_parameters(db_));
  EXPECT_GE(counted("max(nstep)"), 3 * kDevices) << "of all devices it is more";
}

TEST_F(SqliteFamilyParameters, AllDevicesAreReadOnceForEachChange) {
  add_device(1);
  UnknownParameters unknown;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(must(unknown.of_all(db_))->size(), 1u);
  }
  EXPECT_EQ(counted("max(run)"), 1);
  write(device("SEP001122310001", {{"protocol", "SIP"}, {"vendor.sshAcess", "1"}}));
  EXPECT_NE(must(unknown.of_all(db_))->at(0).find("sshAcess"), std::string::npos);
  EXPECT_EQ(counted("max(run)"), 2);
}

}  // namespace
}  // namespace dialtone::database
