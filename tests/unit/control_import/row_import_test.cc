// SPDX-License-Identifier: Apache-2.0
//
// One row out of a file of its own: JSON, or what phones get in XML.
#include "control/import/row_import.h"

#include "control/database/campus_loader.h"
#include "generator/shared/shared_files.h"
#include "tests/unit/control_database/temp_database.h"

#include <gtest/gtest.h>

namespace dialtone::importing {
namespace {

using test::must;

class RowImport : public test::TempDatabase {
 protected:
  // "added", "updated", "unchanged", or the faults, a line each.
  std::string set(std::string_view table, std::string_view text) {
    Diagnostics faults;
    auto transaction = must(database::Transaction::begin(db_));
    const auto report = import_row(db_, table, "hq", text, "f", faults);
    if (!report) {
      return to_error(ErrorCode::kRefused, faults).text;
    }
    must(transaction.commit());
    return report->added != 0 ? "added" : report->updated != 0 ? "updated" : "unchanged";
  }

  std::string get(const std::string& table) {
    return must(export_row(db_, table, integer("SELECT id FROM " + table + " WHERE name = 'hq'")));
  }

  std::string built(const std::string& name) {
    const auto campus = must(database::load_campus(db_)).campus;
    for (const auto& file : generator::render_shared_files(campus).files) {
      if (file.name == name) {
        return file.content;
      }
    }
    return "(missing)";
  }
};

TEST_F(RowImport, TakesTheRowOrAnImportOfIt) {
  EXPECT_EQ(set("dial_plans", R"({"rules": [{"pattern": "9", "timeout_s": 2}]})"), "added");
  EXPECT_EQ(set("dial_plans", R"({"dial_plans": [{"name": "x", "description": "HQ"}]})"),
            "updated");
  EXPECT_EQ(get("dial_plans"),
            R"({"name":"hq","description":"HQ","rules":[{"pattern":"9","timeout_s":2}]})");
  EXPECT_EQ(set("dial_plans", get("dial_plans")), "unchanged");
  EXPECT_EQ(set("softkey_templates",
                R"({"sets": [{"state": "On Hook", "keys": ["NewCall", "Redial"]},
                             {"state": "Ring In", "keys": ["Answer"]}]})"),
            "added");
  EXPECT_EQ(set("softkey_templates", get("softkey_templates")), "unchanged");
  EXPECT_EQ(set("feature_policies", R"({"settings": {"Barge": true}})"), "added");
  EXPECT_EQ(get("feature_policies"), R"({"name":"hq","settings":{"Barge":"true"}})");
}

// Both spellings, with what hand-made files have: comments, any case, no version stamp.
TEST_F(RowImport, TakesTheFilesOfPhones) {
  EXPECT_EQ(set("dial_plans", R"(<?xml version="1.0"?>
<DIALTEMPLATE>
  <!-- emergency -->
  <TEMPLATE MATCH="112" Timeout="0" User="Phone" Route="emergency"/>
  <Template match="9,*" TIMEOUT="3" Tone="Bellcore-Outside" line="2"/>
</DIALTEMPLATE>)"),
            "added");
  EXPECT_EQ(get("dial_plans"),
            R"({"name":"hq","rules":[{"pattern":"112","route":"emergency"},)"
            R"({"pattern":"9,*","timeout_s":3,"button":2,"tone":"Bellcore-Outside"}]})");
  EXPECT_EQ(set("dial_plans", built("hq.xml").c_str()), "updated") << "without the rule of a line";
  EXPECT_EQ(set("feature_policies",
                "<featurePolicy><featureDef name='Barge'><id>8</id><enable> true "
                "</enable></featureDef></featurePolicy>"),
            "added");
  EXPECT_EQ(get("feature_policies"), R"({"name":"hq","settings":{"Barge":"true"}})");
}

TEST_F(RowImport, WhatIsBuiltIsReadBackAsItWas) {
  set("dial_plans",
      R"({"rules": [{"pattern": "\\*9.,", "rewrite": "%0", "button": 3, "user_part": "IP"},
                                  {"pattern": "*", "timeout_s": 5, "tone": "Cisco-Zip"}]})");
  EXPECT_EQ(set("dial_plans", built("DRhq.xml")), "unchanged");
  set("softkey_templates", R"({"sets": [{"state": "On Hook", "keys": ["<<", "Redial"]}]})");
  EXPECT_EQ(set("softkey_templates", built("SKhq.xml")), "unchanged");
  set("feature_policies", R"({"settings": {"Barge": true}})");
  const std::string before = built("hqFP.xml");
  EXPECT_EQ(set("feature_policies", before), "updated");
  EXPECT_NE(before, "(missing)");
}

TEST_F(RowImport, WhatIsWrongIsToldWithItsLine) {
  EXPECT_EQ(set("dial_plans",
                "<dialTemplate>\n<TEMPLATE/>\n<TEMPLAT match='9'/>\n"
                "<TEMPLATE match='9' tmeout='1'/>\n</dialTemplate>"),
            "f:3: unknown-element: <TEMPLAT> is no element of <dialTemplate>\n"
            "f:4: unknown-attribute: 'tmeout' is no attribute of a TEMPLATE; there are match, "
            "timeout, line, User, rewrite, route and tone");
  EXPECT_EQ(set("dial_plans",
                "<dialTemplate>\n<TEMPLATE/>\n<TEMPLATE match='x' timeout='long'/>\n"
                "</dialTemplate>"),
            "f: missing-key: dial_plans[0].rules[0]: it has no \"pattern\"\n"
            "f: bad-value: dial_plans[0].rules[1]: pattern: 'x': character 1 is none that a phone "
            "knows there; it takes digits, '#', '.', '*', '\\*' and ','\n"
            "f: bad-value: dial_plans[0].rules[1]: timeout_s: wants a number from 0 to 255, not "
            "\"long\"");
  EXPECT_EQ(
      set("softkey_templates",
          "<softKeyCfg><softKeySets><softKeySet id='On Hook'>"
          "<softKey keyID='Redail'/></softKeySet></softKeySets></softKeyCfg>"),
      "f: bad-value: softkey_templates[0].sets[0]: keys: 'Redail' is no softkey; did you mean "
      "'Redial'?");
  EXPECT_EQ(set("softkey_templates", "<dialTemplate/>").substr(0, 15), "f:1: wrong-file");
  EXPECT_EQ(set("dial_plans", "<a>\n</b>").substr(0, 12), "f:2: bad-xml");
  EXPECT_NE(set("dial_plans", "<!DOCTYPE a [<!ENTITY b \"c\">]><dialTemplate/>").find("DOCTYPE"),
            std::string::npos);
  EXPECT_EQ(set("dial_plans", "<a>" + std::string(600'000, ' ') + "</a>").substr(0, 10),
            "f: bad-xml");
  EXPECT_EQ(set("dial_plans", R"({"dial_plans": []})").substr(0, 16), "f:1:2: bad-value");
  EXPECT_EQ(set("dial_plans", "[]").substr(0, 16), "f:1:1: no-object");
  // In a file of the row alone, and in one of an import.
  EXPECT_TRUE(set("dial_plans", "{\"rules\": [{\"pattern\": \"1\"},\n {\"pattern\": \"x\"}]}")
                  .starts_with("f:2:3: bad-value: dial_plans[0].rules[1]: pattern: "));
  EXPECT_TRUE(set("dial_plans", "{\"dial_plans\": [\n{\"rules\": [{\"pattern\": \"x\"}]}]}")
                  .starts_with("f:2:13: bad-value: dial_plans[0].rules[0]: pattern: "));
  EXPECT_EQ(integer("SELECT count(*) FROM dial_plans"), 0);
}

}  // namespace
}  // namespace dialtone::importing
