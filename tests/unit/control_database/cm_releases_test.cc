// SPDX-License-Identifier: Apache-2.0
#include "control/database/cm_releases.h"

#include "tests/unit/control_database/temp_database.h"

#include <gtest/gtest.h>

namespace dialtone::database {
namespace {

using test::must;

TEST(CmRelease, BeginsWithItsNumber) {
  for (const char* version : {"", "7.1(5)", "8", "12.5.1.10000-22", "6.1(2b)su1"}) {
    EXPECT_TRUE(check_release(version).ok()) << version;
  }
  for (const char* version : {"CUCM 7", "-1", ".5", "99999999999"}) {
    const auto checked = check_release(version);
    ASSERT_FALSE(checked.ok()) << version;
    EXPECT_NE(checked.error().text.find("no release of Unified CM"), std::string::npos);
  }
  EXPECT_EQ(must(major_release("12.5")), 12u);
}

class CmReleases : public test::TempDatabase {
 protected:
  std::string without_sbd() {
    std::string text;
    for (const CmRelease& each : must(releases_without_sbd(db_))) {
      text += each.who + " " + each.version + ";";
    }
    return text;
  }
};

// Where phones register: groups that a pool has, and clusters that are enabled.
TEST_F(CmReleases, ThoseBefore8ThatPhonesRegisterWith) {
  EXPECT_EQ(without_sbd(), "");
  run("INSERT INTO cm_nodes (id, name, version) VALUES (70, 'cm-a', '7.1(5)'), (71, 'cm-b', "
      "'8.0'), "
      "(72, 'cm-c', '')");
  run("INSERT INTO cm_nodes (id, name, version) VALUES (73, 'unused', '4.2')");
  run("INSERT INTO remote_clusters (name, version, is_enabled) VALUES ('b', '6.0', 1), "
      "('c', '6.0', 0), ('d', '14', 1), ('e', '', 1)");
  EXPECT_EQ(without_sbd(), "cluster b 6.0;") << "no pool has the servers yet";
  run("INSERT INTO cm_group_members (group_id, prio, node_id) SELECT cm_group_id, 7, 70 "
      "FROM device_pools");
  run("INSERT INTO cm_group_members (group_id, prio, node_id) SELECT cm_group_id, 8, 71 "
      "FROM device_pools");
  EXPECT_EQ(without_sbd(), "cluster b 6.0;server cm-a 7.1(5);");
  run("UPDATE remote_clusters SET version = 'seven'");
  EXPECT_EQ(without_sbd(), "server cm-a 7.1(5);") << "a hand's edit";
}

}  // namespace
}  // namespace dialtone::database
