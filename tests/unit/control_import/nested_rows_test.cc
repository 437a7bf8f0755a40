// SPDX-License-Identifier: Apache-2.0
//
// Rows below a row: rules of dial plans, sets of softkey templates.
#include "control/database/campus_loader.h"
#include "control/import/json_import.h"
#include "control/import/shared_tables.h"
#include "tests/unit/control_database/temp_database.h"

#include <gtest/gtest.h>

namespace dialtone::importing {
namespace {

using test::must;

class NestedRows : public test::TempDatabase {
 protected:
  // "rows added updated unchanged", or the faults, a line each.
  std::string import(std::string_view text) {
    Diagnostics faults;
    const auto report = import_json(db_, text, "c.json", /*check=*/false, faults);
    return report ? std::to_string(report->rows) + " " + std::to_string(report->added) + " " +
                        std::to_string(report->updated) + " " + std::to_string(report->unchanged)
                  : to_error(ErrorCode::kRefused, faults).text;
  }

  std::int64_t changes() {
    return integer("SELECT seq FROM sqlite_sequence WHERE name = 'change_log'");
  }
};

constexpr const char* kAll = R"({
  "dial_plans": [{"name": "hq", "description": "Head office", "rules": [
    {"pattern": "9,*", "timeout_s": 3, "tone": "Cisco-Zip", "route": "default"},
    {"pattern": "9,*", "timeout_s": 3, "tone": "Cisco-Zip", "route": "default"},
    {"pattern": "", "button": 2, "rewrite": "4711", "user_part": "IP"}]},
    {"name": "none"}],
  "softkey_templates": [{"name": "std", "sets": [
    {"state": "On Hook", "keys": ["Redial", "NewCall", "Redial"]},
    {"state": "Connected", "keys": ["Hold"]}]}],
  "feature_policies": [{"name": "std", "settings": {"Barge": true, "Park": "false"}}]
})";

TEST_F(NestedRows, ReachTheCampusInTheirOrder) {
  EXPECT_EQ(import(kAll), "4 4 0 0");
  const generator::Campus campus = must(database::load_campus(db_)).campus;
  ASSERT_EQ(campus.dial_plans.size(), 2u);
  const auto& rules = campus.dial_plans[0].rules;
  ASSERT_EQ(rules.size(), 3u);
  EXPECT_EQ(rules[0].pattern, "9,*");
  EXPECT_EQ(rules[0].timeout_s, 3u);
  EXPECT_EQ(rules[0].user_part, "Phone");
  EXPECT_EQ(rules[2].rewrite, "4711");
  EXPECT_EQ(rules[2].user_part, "IP");
  ASSERT_EQ(campus.softkey_templates.size(), 1u);
  const auto& sets = campus.softkey_templates[0].sets;
  ASSERT_EQ(sets.size(), 2u);
  EXPECT_EQ(sets[1].keys, (std::vector<std::string>{"Redial", "NewCall", "Redial"}));
  EXPECT_EQ(campus.feature_policies.at(0).settings.at(0).value, "true");
}

TEST_F(NestedRows, TheSameAgainWritesNothing) {
  import(kAll);
  const std::int64_t before = changes();
  EXPECT_EQ(import(kAll), "4 0 0 4");
  EXPECT_EQ(changes(), before);
}

TEST_F(NestedRows, ThoseOfTheFileStandInPlaceOfAllOthers) {
  import(kAll);
  run("UPDATE dial_plans SET changed_s = 5");
  EXPECT_EQ(import(R"({"dial_plans": [{"name": "hq", "rules": [{"pattern": "1"}]},
                                      {"name": "none", "description": "x"}],
                       "softkey_templates": [{"name": "std", "sets": []}]})"),
            "3 0 3 0");
  EXPECT_EQ(integer("SELECT count(*) FROM dial_rules"), 1);
  EXPECT_EQ(integer("SELECT count(*) FROM softkey_sets"), 0);
  EXPECT_EQ(text("SELECT description FROM dial_plans WHERE name = 'hq'"), "Head office");
  // What it is called in the phone's file is another one now.
  EXPECT_GT(integer("SELECT changed_s FROM dial_plans WHERE name = 'hq'"), 5);
}

TEST_F(NestedRows, EveryFaultIsToldWithItsPlace) {
  EXPECT_EQ(
      import(R"({
    "dial_plans": [{"name": "h q", "rules": [
        {"pattern": "9x", "tone": "Cisco-Zap"}, 7, {"timeout_s": 256}, {"patern": "1", "pattern": ""},
        {"pattern": "", "user_part": "Pone", "rewrite": "%9", "route": "a b"}]},
      {"name": "b", "rules": {}}],
    "softkey_templates": [{"name": "std", "sets": [
        {"state": "On Hok", "keys": ["Redail", 1]}, {"state": "On Hook", "keys": []},
        {"state": "Connected", "keys": ["Hold"]}, {"state": "Connected", "keys": ["Hold"]},
        {"state": "Ring In"}]}],
    "feature_policies": [{"name": "std", "settings": {"Barg": "true", "Park": "no"}}]
  })"),
      "c.json:2:21: bad-value: dial_plans[0]: name: it names a file, so its name is letters, "
      "digits, '-' and '_', at most 64; rename it\n"
      "c.json:3:10: bad-value: dial_plans[0].rules[0]: pattern: '9x': character 2 is none that a "
      "phone knows there; it takes digits, '#', '.', '*', '\\*' and ','\n"
      "c.json:3:27: bad-value: dial_plans[0].rules[0]: tone: 'Cisco-Zap' is no tone; did you mean "
      "'Cisco-Zip'?\n"
      "c.json:3:49: bad-value: dial_plans[0].rules[1]: a row is an object of keys and values\n"
      "c.json:3:52: missing-key: dial_plans[0].rules[2]: it has no \"pattern\"\n"
      "c.json:3:53: bad-value: dial_plans[0].rules[2]: timeout_s: wants a number from 0 to 255, "
      "not 256\n"
      "c.json:3:73: unknown-key: dial_plans[0].rules[3]: 'patern' is no key of dial_rules; did "
      "you mean 'pattern'?\n"
      "c.json:4:25: bad-value: dial_plans[0].rules[4]: user_part: wants Phone or IP, not "
      "'Pone'\n"
      "c.json:4:46: bad-value: dial_plans[0].rules[4]: rewrite: '%9': character 2 is none that a "
      "phone knows there; it takes 0 to 5, '%' or '.' behind a '%'\n"
      "c.json:4:63: bad-value: dial_plans[0].rules[4]: route: 'a b' is no route; it is default, "
      "emergency, or the name of a host\n"
      "c.json:5:21: bad-value: dial_plans[1]: rules: wants a list of at most 10000 rows, not an "
      "object\n"
      "c.json:7:10: bad-value: softkey_templates[0].sets[0]: state: 'On Hok' is no state of a "
      "phone; did you mean 'On Hook'?\n"
      "c.json:7:29: bad-value: softkey_templates[0].sets[0]: keys: 'Redail' is no softkey; did "
      "you mean 'Redial'?\n"
      "c.json:7:29: bad-value: softkey_templates[0].sets[0]: keys: wants texts, not 1\n"
      "c.json:7:74: bad-value: softkey_templates[0].sets[1]: keys: wants a list of 1 to 16 texts, "
      "not a list of 0\n"
      "c.json:8:51: duplicate-row: softkey_templates[0].sets[3]: the same row as sets[2]\n"
      "c.json:9:9: missing-key: softkey_templates[0].sets[4]: it has no \"keys\"\n"
      "c.json:10:42: bad-value: feature_policies[0]: settings: 'Barg' is no feature; did you mean "
      "'Barge'?\n"
      "c.json:10:42: bad-value: feature_policies[0]: settings: 'Park' is true or false, not 'no'");
  EXPECT_EQ(integer("SELECT count(*) FROM dial_plans"), 0);
}

// What stands for a key that a row does not have is what the table would put there.
TEST_F(NestedRows, FallbacksAreThoseOfTheSchema) {
  for (const SharedTable& table : shared_tables()) {
    for (const SharedColumn& column : table.columns) {
      if (column.form != ColumnForm::kRows) {
        continue;
      }
      for (const SharedColumn& each : column.nested->rows.columns) {
        const std::string fallback(each.fallback);
        const std::string wanted = each.form == ColumnForm::kReference ? ""
                                   : each.form != ColumnForm::kInteger ? "'" + fallback + "'"
                                   : fallback.empty()                  ? "0"
                                                                       : fallback;
        const std::string stored = text("SELECT coalesce(dflt_value, '') FROM pragma_table_info('" +
                                        std::string(column.nested->rows.name) +
                                        "') WHERE name = '" + std::string(each.column) + "'");
        EXPECT_EQ(each.is_required ? "" : wanted, stored) << each.key;
      }
    }
  }
}

}  // namespace
}  // namespace dialtone::importing
