// SPDX-License-Identifier: Apache-2.0
//
// The files of shared rows against reviewed ones.
#include "generator/shared/shared_files.h"
#include "tests/unit/generator/golden.h"
#include "tests/unit/generator/xml_reader.h"

#include <gtest/gtest.h>

namespace dialtone::generator {
namespace {

Campus rows() {
  Campus campus;
  DialPlan plan{.name = "hq", .changed_s = 1231176639, .stamp = {}, .rules = {}};
  plan.rules.push_back({.pattern = "112", .route = "emergency"});
  plan.rules.push_back(
      {.pattern = "9,0..........", .timeout_s = 2, .rewrite = "+49%0", .tone = "Bellcore-Outside"});
  plan.rules.push_back({.pattern = "", .button = 2, .rewrite = "4711"});
  plan.rules.push_back({.pattern = "\\*..", .user_part = "IP"});
  plan.rules.push_back({.pattern = "*", .timeout_s = 5});
  campus.dial_plans.push_back(plan);
  campus.softkey_templates.push_back(
      {.name = "std",
       .changed_s = 1231176640,
       .stamp = {},
       .sets = {{"Connected", {"Hold", "EndCall", "Transfer", "Confrn"}},
                {"Off Hook", {"Redial", "EndCall", "CFwdAll", "MeetMe", "PickUp", "GPickUp"}},
                {"On Hook", {"Redial", "NewCall", "CFwdAll", "DND"}},
                {"Ring In", {"Answer", "iDivert"}}}});
  campus.feature_policies.push_back({.name = "std",
                                     .changed_s = 1231176641,
                                     .stamp = {},
                                     .settings = {{"Barge", "true"}, {"Speed Dial", "false"}}});
  campus.application_rules.push_back({false, "outside", "0", 11, 1, "+49"});
  campus.application_rules.push_back({true, "inside", "+4989", 0, 5, ""});
  campus.ring_tones.push_back({"ring", "R&B <1>", "rb.raw"});
  campus.ring_tones.push_back({"ring", "Bell", "bell.raw"});
  campus.ring_tones.push_back({"ring-wb", "Bell", "bell.rwb"});
  campus.ring_tones.push_back({"distinctive", "Bell", "bell.raw"});
  campus.backgrounds.push_back({"320x212x16", "lake-80x53.png", "lake.png"});
  campus.backgrounds.push_back({"320x212x16", "hill-80x53.png", "hill.png"});
  return campus;
}

TEST(SharedGolden, EveryKindOfFile) {
  const SharedFiles all = render_shared_files(rows());
  ASSERT_TRUE(all.faults.empty()) << all.faults[0].why;
  EXPECT_EQ(all.files.size(), 10u);
  for (const SharedFile& file : all.files) {
    std::string name = "shared_" + file.name;
    for (char& c : name) {
      c = c == '/' ? '_' : c;
    }
    EXPECT_FALSE(test::read_xml(file.content).empty()) << file.name;
    test::expect_golden(name, file.content);
  }
}

}  // namespace
}  // namespace dialtone::generator
