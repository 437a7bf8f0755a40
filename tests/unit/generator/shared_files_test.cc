// SPDX-License-Identifier: Apache-2.0
//
// Files of shared rows, read back by libxml2.
#include "generator/shared/shared_files.h"

#include "tests/unit/generator/xml_reader.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace dialtone::generator {
namespace {

using test::read_xml;
using test::value_at;

const SharedFile* find(const SharedFiles& all, std::string_view name) {
  const auto found = std::find_if(all.files.begin(), all.files.end(),
                                  [&](const SharedFile& file) { return file.name == name; });
  return found == all.files.end() ? nullptr : &*found;
}

Campus with_plan(DialPlan plan) {
  Campus campus;
  campus.dial_plans.push_back(std::move(plan));
  return campus;
}

DialPlan hq() {
  DialPlan plan{.name = "hq", .changed_s = 1231176639, .stamp = {}, .rules = {}};
  plan.stamp.bytes[0] = 0xaf;
  plan.rules.push_back({.pattern = "9,.......", .timeout_s = 2, .tone = "Cisco-Zip"});
  plan.rules.push_back({.pattern = "", .button = 2, .rewrite = "4711"});
  plan.rules.push_back({.pattern = "*", .timeout_s = 5, .route = "emergency"});
  return plan;
}

// cisco-tftp 4.2: lower-case attributes, a version stamp.
TEST(DialPlanFiles, TheNewerFormHasAllRulesInOrder) {
  const SharedFiles all = render_shared_files(with_plan(hq()));
  EXPECT_TRUE(all.faults.empty());
  const SharedFile* file = find(all, "DRhq.xml");
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(file->file_class, abi::FileClass::kDialPlan);
  EXPECT_EQ(file->modified_s, 1231176639u);
  auto xml = read_xml(file->content);
  ASSERT_FALSE(xml.empty());
  xml[0].second.clear();  // the line feeds between its children
  EXPECT_EQ(xml,
            (decltype(read_xml("")){
                {"dialTemplate", ""},
                {"dialTemplate/versionStamp", "1231176639-af000000-0000-0000-0000-000000000000"},
                {"dialTemplate/TEMPLATE", ""},
                {"dialTemplate/TEMPLATE/@match", "9,......."},
                {"dialTemplate/TEMPLATE/@timeout", "2"},
                {"dialTemplate/TEMPLATE/@User", "Phone"},
                {"dialTemplate/TEMPLATE/@tone", "Cisco-Zip"},
                {"dialTemplate/TEMPLATE", ""},
                {"dialTemplate/TEMPLATE/@match", ""},
                {"dialTemplate/TEMPLATE/@line", "2"},
                {"dialTemplate/TEMPLATE/@timeout", "0"},
                {"dialTemplate/TEMPLATE/@User", "Phone"},
                {"dialTemplate/TEMPLATE/@rewrite", "4711"},
                {"dialTemplate/TEMPLATE", ""},
                {"dialTemplate/TEMPLATE/@match", "*"},
                {"dialTemplate/TEMPLATE/@timeout", "5"},
                {"dialTemplate/TEMPLATE/@User", "Phone"},
            }));
}

// cisco-tftp 3.3: 7940 and 7960 know no lines, so the rule of button 2 would hold for all.
TEST(DialPlanFiles, TheOlderFormLeavesRulesOfOneLineOut) {
  const SharedFiles all = render_shared_files(with_plan(hq()));
  const SharedFile* file = find(all, "hq.xml");
  ASSERT_NE(file, nullptr);
  const auto xml = read_xml(file->content);
  EXPECT_EQ(value_at(xml, "DIALTEMPLATE/TEMPLATE/@MATCH"), "9,.......");
  EXPECT_EQ(std::count_if(xml.begin(), xml.end(),
                          [](const auto& item) { return item.first == "DIALTEMPLATE/TEMPLATE"; }),
            2);
  EXPECT_EQ(value_at(xml, "DIALTEMPLATE/TEMPLATE/@Route"), "emergency");
}

// cisco-tftp 3.3: what a phone would not understand is told with its rule, and no file is made.
TEST(DialPlanFiles, ARuleThatNoPhoneTakesIsAFaultThatNamesIt) {
  const DialRule wrong[] = {{.pattern = "9x"},
                            {.pattern = "\\9"},
                            {.pattern = "9", .rewrite = "%6"},
                            {.pattern = "9", .rewrite = "9%"},
                            {.pattern = "9", .rewrite = "9 1"},
                            {.pattern = "9", .route = "a b"},
                            {.pattern = "9", .tone = "Bellcore-Insid"},
                            {.pattern = "9", .tone = "Cisco-Zip,"},
                            {.pattern = "9", .tone = "Cisco-Zip,Cisco-Zip,Cisco-Zip,Cisco-Zip"}};
  for (const DialRule& rule : wrong) {
    DialPlan plan = hq();
    plan.rules.push_back(rule);
    const SharedFiles all = render_shared_files(with_plan(plan));
    EXPECT_TRUE(all.files.empty()) << rule.pattern << rule.rewrite << rule.tone;
    ASSERT_EQ(all.faults.size(), 2u);
    EXPECT_NE(all.faults[0].why.find("dial plan 'hq': rule 4: "), std::string::npos)
        << all.faults[0].why;
  }
  DialPlan plan = hq();
  plan.rules[0] = {.pattern = "9", .tone = "Bellcore-Insid"};
  EXPECT_EQ(render_shared_files(with_plan(plan)).faults[0].why,
            "DRhq.xml: dial plan 'hq': rule 1: tone: 'Bellcore-Insid' is no tone; did you mean "
            "'Bellcore-Inside'?");
  plan.rules[0] = {.pattern = "*#0.\\*,9", .rewrite = "%0%%5.%.+49", .route = "a.b-c.example"};
  EXPECT_TRUE(render_shared_files(with_plan(plan)).faults.empty());
}

// cisco-tftp 1.6.
TEST(DialPlanFiles, AFileThatIsTooLargeForAPhoneIsAFault) {
  DialPlan plan = hq();
  plan.rules.resize(10'000, {.pattern = "9,..........", .rewrite = "0%0"});
  const SharedFiles all = render_shared_files(with_plan(plan));
  EXPECT_TRUE(all.files.empty());
  ASSERT_EQ(all.faults.size(), 2u);
  EXPECT_NE(all.faults[0].why.find("a phone refuses more than 550001"), std::string::npos);
}

TEST(SharedFileNames, ANameThatCannotBeAFileIsAFaultOfItsRow) {
  for (const char* name : {"", "a/b", "..", "a b", "a.cnf"}) {
    DialPlan plan = hq();
    plan.name = name;
    const SharedFiles all = render_shared_files(with_plan(plan));
    EXPECT_TRUE(all.files.empty()) << name;
    ASSERT_EQ(all.faults.size(), 1u) << name;
    EXPECT_NE(all.faults[0].why.find("rename it"), std::string::npos);
  }
}

TEST(SharedFileNames, OfTwoThatDifferInCaseTheLaterIsAFault) {
  Campus campus = with_plan(hq());
  campus.dial_plans.push_back(hq());
  campus.dial_plans[1].name = "HQ";
  const SharedFiles all = render_shared_files(campus);
  EXPECT_EQ(all.files.size(), 2u);
  EXPECT_EQ(all.faults.size(), 2u);
}

}  // namespace
}  // namespace dialtone::generator
