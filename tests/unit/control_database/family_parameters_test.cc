// SPDX-License-Identifier: Apache-2.0
#include "control/database/family_parameters.h"

#include "tests/unit/control_database/temp_database.h"

#include <gtest/gtest.h>

namespace dialtone::database {
namespace {

using test::must;

class FamilyParameters : public test::TempDatabase {};

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

}  // namespace
}  // namespace dialtone::database
