// SPDX-License-Identifier: Apache-2.0
#include "control/database/shared_file_loader.h"

#include "control/database/derived.h"
#include "control/database/row_reader.h"
#include "control/database/tag_text.h"
#include "generator/family.h"
#include "generator/shared/shared_files.h"

namespace dialtone::database {
namespace {

using namespace generator;

// What goes into a version stamp, each text behind its length so that none runs into the next.
class StampText {
 public:
  explicit StampText(std::string_view kind) { add(kind); }
  void add(std::string_view text) {
    text_ += std::to_string(text.size()) + ":";
    text_ += text;
  }
  void add(std::uint32_t number) { add(std::to_string(number)); }
  Uuid stamp() const noexcept { return derived_uuid(text_); }

 private:
  std::string text_;
};

// "SELECT id, changed_s, name": the beginning that such rows share.
template <typename Row>
Row& add_row(RowReader& row, std::vector<Row>& rows, Positions& positions) {
  positions.add(row.integer());
  Row& added = rows.emplace_back();
  row.into(added.changed_s, added.name);
  return added;
}

Result<void> load_dial_plans(Database& database, CampusRows& rows) {
  std::vector<DialPlan>& plans = rows.campus.dial_plans;
  DIALTONE_TRY(read_rows(database, "SELECT id, changed_s, name FROM dial_plans ORDER BY id",
                         [&](RowReader& row) -> Result<void> {
                           add_row(row, plans, rows.dial_plans);
                           return {};
                         }));
  DIALTONE_TRY(
      read_rows(database,
                "SELECT plan_id, pattern, timeout_s, button, user_part, rewrite, route, tone FROM "
                "dial_rules ORDER BY plan_id, seq",
                [&](RowReader& row) -> Result<void> {
                  const std::uint32_t plan = rows.dial_plans[row.integer()];
                  if (plan < plans.size()) {
                    DialRule& rule = plans[plan].rules.emplace_back();
                    row.into(rule.pattern, rule.timeout_s, rule.button, rule.user_part,
                             rule.rewrite, rule.route, rule.tone);
                  }
                  return {};
                }));
  for (DialPlan& plan : plans) {
    StampText text("dial_plans");
    text.add(plan.name);
    for (const DialRule& rule : plan.rules) {
      text.add(rule.pattern);
      text.add(rule.timeout_s);
      text.add(rule.button);
      for (const std::string* part : {&rule.user_part, &rule.rewrite, &rule.route, &rule.tone}) {
        text.add(*part);
      }
    }
    plan.stamp = text.stamp();
    rows.dial_templates.push_back(dial_template_name(plan));
  }
  return {};
}

Result<void> load_softkey_templates(Database& database, CampusRows& rows) {
  std::vector<SoftkeyTemplate>& templates = rows.campus.softkey_templates;
  DIALTONE_TRY(read_rows(database, "SELECT id, changed_s, name FROM softkey_templates ORDER BY id",
                         [&](RowReader& row) -> Result<void> {
                           add_row(row, templates, rows.softkey_templates);
                           return {};
                         }));
  DIALTONE_TRY(read_rows(
      database,
      "SELECT template_id, state, key FROM softkey_sets ORDER BY template_id, state, position",
      [&](RowReader& row) -> Result<void> {
        const std::uint32_t at = rows.softkey_templates[row.integer()];
        if (at >= templates.size()) {
          return {};
        }
        std::vector<SoftkeySet>& sets = templates[at].sets;
        const std::string_view state = row.text();
        if (sets.empty() || sets.back().state != state) {
          sets.push_back({std::string(state), {}});
        }
        sets.back().keys.emplace_back(row.text());
        return {};
      }));
  for (SoftkeyTemplate& each : templates) {
    StampText text("softkey_templates");
    text.add(each.name);
    for (const SoftkeySet& set : each.sets) {
      text.add(set.state);
      text.add(static_cast<std::uint32_t>(set.keys.size()));
      for (const std::string& key : set.keys) {
        text.add(key);
      }
    }
    each.stamp = text.stamp();
    rows.softkey_files.push_back(softkey_file_name(each));
  }
  return {};
}

Result<void> load_feature_policies(Database& database, CampusRows& rows) {
  return read_rows(
      database, "SELECT id, changed_s, name, settings FROM feature_policies ORDER BY id",
      [&](RowReader& row) -> Result<void> {
        FeaturePolicy& policy = add_row(row, rows.campus.feature_policies, rows.feature_policies);
        auto settings = parse_tags(row.text());
        if (!settings) {
          return Error{settings.error().code,
                       "feature_policies '" + policy.name + "': " + settings.error().text};
        }
        policy.settings = *std::move(settings);
        StampText text("feature_policies");
        text.add(policy.name);
        for (const Tag& tag : policy.settings) {
          text.add(tag.name);
          text.add(tag.value);
        }
        policy.stamp = text.stamp();
        rows.feature_policy_files.push_back(feature_policy_name(policy));
        return {};
      });
}

Result<void> load_lists(Database& database, Campus& campus) {
  DIALTONE_TRY(read_rows(
      database,
      "SELECT kind = 'directory', name, begins_with, num_digits, digits_to_remove, prefix_with "
      "FROM application_rules ORDER BY id",
      [&](RowReader& row) -> Result<void> {
        ApplicationRule& rule = campus.application_rules.emplace_back();
        row.into(rule.is_directory, rule.name, rule.begins_with, rule.num_digits,
                 rule.digits_to_remove, rule.prefix_with);
        return {};
      }));
  DIALTONE_TRY(read_rows(database, "SELECT list, name, file FROM ring_tones ORDER BY id",
                         [&](RowReader& row) -> Result<void> {
                           RingTone& tone = campus.ring_tones.emplace_back();
                           row.into(tone.list, tone.name, tone.file);
                           return {};
                         }));
  DIALTONE_TRY(read_rows(database,
                         "SELECT folder, preview, image FROM backgrounds ORDER BY folder, id",
                         [&](RowReader& row) -> Result<void> {
                           Background& background = campus.backgrounds.emplace_back();
                           row.into(background.folder, background.preview, background.image);
                           return {};
                         }));
  return read_rows(database,
                   "SELECT family, name, value FROM family_parameters ORDER BY family, name",
                   [&](RowReader& row) -> Result<void> {
                     const auto family = family_of(row.text());
                     if (family) {
                       FamilyParameter& parameter = campus.family_parameters.emplace_back();
                       parameter.family = *family;
                       row.into(parameter.name, parameter.value);
                     }
                     return {};
                   });
}

}  // namespace

Result<void> load_shared_files(Database& database, CampusRows& rows) {
  DIALTONE_TRY(load_dial_plans(database, rows));
  DIALTONE_TRY(load_softkey_templates(database, rows));
  DIALTONE_TRY(load_feature_policies(database, rows));
  return load_lists(database, rows.campus);
}

}  // namespace dialtone::database
