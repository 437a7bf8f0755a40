// SPDX-License-Identifier: Apache-2.0
//
// Softkeys, feature policies, rules of numbers, ring tones and backgrounds: what phones take and
// what they do not (cisco-tftp 4.3 to 4.5, 8.1, 8.2).
#include "generator/shared/shared_files.h"
#include "tests/unit/generator/xml_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace dialtone::generator {
namespace {

using test::read_xml;
using test::value_at;

// The one file of the campus, or the faults.
std::string only_file(const Campus& campus) {
  const SharedFiles all = render_shared_files(campus);
  std::string text;
  for (const SharedFile& file : all.files) {
    text += file.content;
  }
  for (const SharedFault& fault : all.faults) {
    text += fault.file + " - " + fault.why + "\n";
  }
  return text;
}

Campus with_softkeys(std::string name, std::vector<SoftkeySet> sets) {
  Campus campus;
  campus.softkey_templates.push_back(
      {.name = std::move(name), .changed_s = 7, .stamp = {}, .sets = std::move(sets)});
  return campus;
}

TEST(SoftkeyFiles, SetsComeInTheOrderOfTheStatesAndKeysInTheirOwn) {
  const auto xml = read_xml(only_file(
      with_softkeys("std", {{"On Hook", {"NewCall", "Redial", "<<"}}, {"Off Hook", {}}})));
  std::vector<std::string> shown;
  for (const auto& [path, value] : xml) {
    if (path.starts_with("softKeyCfg/softKeySets/softKeySet/")) {
      shown.push_back(value);
    }
  }
  // An element without attributes has its text too, which is empty.
  std::erase(shown, "");
  EXPECT_EQ(shown, (std::vector<std::string>{"On Hook", "NewCall", "Redial", "<<", "Off Hook"}));
  EXPECT_EQ(value_at(xml, "softKeyCfg/typeSoftKey/softKeyDef/@keyID"), "Undefined");
  EXPECT_EQ(value_at(xml, "softKeyCfg/versionStamp"), "7-00000000-0000-0000-0000-000000000000");
}

TEST(SoftkeyFiles, WhatNoPhoneKnowsIsAFaultWithTheWordThatWasMeant) {
  EXPECT_EQ(only_file(with_softkeys("std", {{"On Hook", {"Redail"}}})),
            "SKstd.xml - softkey template 'std': state 'On Hook': 'Redail' is no softkey; did you "
            "mean 'Redial'?\n");
  EXPECT_EQ(only_file(with_softkeys("std", {{"On Hok", {"Redial"}}})),
            "SKstd.xml - softkey template 'std': 'On Hok' is no state of a phone; did you mean "
            "'On Hook'?\n");
  EXPECT_NE(only_file(with_softkeys("std", {{"On Hook", std::vector<std::string>(17, "Redial")}}))
                .find("has 17 keys, and a phone takes 16"),
            std::string::npos);
  EXPECT_NE(only_file(with_softkeys("s t", {})).find("rename it"), std::string::npos);
}

Campus with_features(TagMap settings) {
  Campus campus;
  campus.feature_policies.push_back(
      {.name = "std", .changed_s = 7, .stamp = {}, .settings = std::move(settings)});
  return campus;
}

TEST(FeaturePolicyFiles, WhatAPolicySaysStandsInPlaceOfTheDefault) {
  const auto xml = read_xml(only_file(with_features({{"Barge", "true"}, {"Park", "false"}})));
  std::string enabled;
  for (const auto& [path, value] : xml) {
    if (path == "featurePolicy/featureDef/enable") {
      enabled += value == "true" ? '1' : '0';
    }
  }
  EXPECT_EQ(enabled, "1011111111110111");
  EXPECT_EQ(only_file(with_features({{"Barg", "true"}})),
            "stdFP.xml - feature policy 'std': 'Barg' is no feature; did you mean 'Barge'?\n");
  EXPECT_EQ(only_file(with_features({{"Barge", "yes"}})),
            "stdFP.xml - feature policy 'std': 'Barge' is true or false, not 'yes'\n");
}

TEST(ApplicationRuleFiles, EachKindIsAFileOfItsOwn) {
  Campus campus;
  EXPECT_EQ(only_file(campus), "");
  campus.application_rules.push_back({false, "long", "9", 11, 1, "+"});
  campus.application_rules.push_back({true, "internal", "4", 4, 0, "0"});
  const SharedFiles all = render_shared_files(campus);
  ASSERT_EQ(all.files.size(), 2u);
  EXPECT_EQ(all.files[0].name, "AppDialRules.xml");
  EXPECT_EQ(value_at(read_xml(all.files[0].content), "DialRules/DialRule/@PrefixWith"), "+");
  EXPECT_EQ(value_at(read_xml(all.files[1].content), "DialRules/DialRule/@NumDigits"), "4");
  campus.application_rules[0].digits_to_remove = 12;
  EXPECT_NE(only_file(campus).find("application rule 'long': it removes 12 digits of 11"),
            std::string::npos);
  campus.application_rules[0] = {false, "long", "9x", 11, 1, "+"};
  EXPECT_NE(only_file(campus).find("'9x' is no part of a number"), std::string::npos);
}

TEST(RingListFiles, AListHasWhatAPhoneTakesOrIsAFault) {
  Campus campus;
  EXPECT_EQ(only_file(campus), "");
  campus.ring_tones.push_back({"ring", "B\xc3\xa4rengesang von f\xc3\xbcnfund", "baer.raw"});
  campus.ring_tones.push_back({"ring-wb", "Bear", "bear.rwb"});
  const SharedFiles all = render_shared_files(campus);
  ASSERT_EQ(all.files.size(), 2u);
  EXPECT_EQ(all.files[0].name, "Ringlist.xml");
  EXPECT_EQ(all.files[1].name, "Ringlist-wb.xml");
  EXPECT_EQ(value_at(read_xml(all.files[0].content), "CiscoIPPhoneRingList/Ring/FileName"),
            "baer.raw");
  campus.ring_tones.pop_back();
  for (const RingTone& wrong :
       {RingTone{"ring", "x", "x.rwb"}, RingTone{"ring", "", "x.raw"},
        RingTone{"ring", std::string(26, 'x'), "x.raw"}, RingTone{"ring", "x", ".raw"}}) {
    campus.ring_tones.push_back(wrong);
    EXPECT_EQ(only_file(campus).find("Ringlist.xml - ring tone '" + wrong.name), 0u);
    campus.ring_tones.pop_back();
  }
  campus.ring_tones.resize(51, {"ring", "x", "x.raw"});
  EXPECT_NE(only_file(campus).find("a phone takes 50 tones"), std::string::npos);
}

TEST(BackgroundListFiles, EachFolderHasAList) {
  Campus campus;
  campus.backgrounds.push_back({"320x212x16", "lake-small.png", "lake.png"});
  campus.backgrounds.push_back({"800x480x24", "hill-small.png", "hill.png"});
  const SharedFiles all = render_shared_files(campus);
  ASSERT_EQ(all.files.size(), 2u);
  EXPECT_EQ(all.files[0].name, "Desktops/320x212x16/List.xml");
  EXPECT_EQ(value_at(read_xml(all.files[0].content), "CiscoIPPhoneImageList/ImageItem/@URL"),
            "TFTP:Desktops/320x212x16/lake.png");
  for (const Background& wrong :
       {Background{"320x212", "a.png", "b.png"}, Background{"../etc", "a.png", "b.png"},
        Background{"x1x2x3", "a.png", "b.png"}, Background{"1x2x3x4", "a.png", "b.png"},
        Background{"320x212x16", "../a.png", "b.png"},
        Background{"320x212x16", "a.png", "b.jpg"}}) {
    campus.backgrounds = {wrong};
    EXPECT_TRUE(render_shared_files(campus).files.empty()) << wrong.folder;
    EXPECT_EQ(render_shared_files(campus).faults.size(), 1u) << wrong.folder;
  }
  campus.backgrounds.assign(51, {"320x212x16", "a.png", "b.png"});
  EXPECT_NE(only_file(campus).find("a phone takes 50"), std::string::npos);
}

// Whatever a row holds, a file that is made is well-formed, and gives the text back.
TEST(SharedFileTexts, NoTextBreaksAFile) {
  const std::string hostile = "</Ring>&<![CDATA[ ]]>\"'";
  Campus named;
  named.ring_tones.push_back({"ring", hostile, "\"<&>'.raw"});
  EXPECT_EQ(value_at(read_xml(only_file(named)), "CiscoIPPhoneRingList/Ring/DisplayName"), hostile);
  std::mt19937 random(42);
  std::size_t made = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(random() % 12, '\0');
    for (char& c : bytes) {
      c = static_cast<char>(random());
    }
    Campus campus = with_softkeys(bytes, {{"On Hook", {bytes}}});
    campus.ring_tones.push_back({"ring", bytes, bytes + ".raw"});
    campus.backgrounds.push_back({"1x1x1", bytes + ".png", bytes + ".png"});
    campus.application_rules.push_back({false, bytes, bytes, 1, 1, bytes});
    campus.dial_plans.push_back({.name = "p", .changed_s = 1, .stamp = {}, .rules = {}});
    campus.dial_plans[0].rules.push_back({.pattern = "1", .user_part = bytes});
    for (const SharedFile& file : render_shared_files(campus).files) {
      ++made;
      ASSERT_FALSE(read_xml(file.content).empty()) << file.name << "\n" << file.content;
    }
  }
  EXPECT_GT(made, 4000u);
}

}  // namespace
}  // namespace dialtone::generator
