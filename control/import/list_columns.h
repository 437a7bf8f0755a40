// SPDX-License-Identifier: Apache-2.0
//
// The columns of what phones get as lists in files of their own: dial plans, softkey templates,
// feature policies. What each takes is said by generator/shared, which makes the files. A part of
// shared_tables.cc.
#pragma once

#include "control/import/shared_tables.h"
#include "generator/shared/dial_rule.h"
#include "generator/shared/feature_policy_files.h"
#include "generator/shared/file_rules.h"
#include "generator/shared/softkey_table.h"

#include <array>

namespace dialtone::importing {

// A check of a text alone as one of a column.
template <Result<void> (*check)(std::string_view)>
Result<void> check_value(std::string_view /*name*/, std::string_view value) {
  return check(value);
}

constexpr SharedColumn checked_text(std::string_view key, std::uint32_t most, CheckSetting check,
                                    bool is_required = false, std::uint32_t least = 0) {
  return {.key = key,
          .form = ColumnForm::kText,
          .column = key,
          .most = most,
          .least = least,
          .is_required = is_required,
          .check = check};
}

constexpr SharedColumn nested(std::string_view key, const NestedTable& table, std::uint32_t most) {
  return {.key = key, .form = ColumnForm::kRows, .column = {}, .most = most, .nested = &table};
}

// It names the row's file.
constexpr SharedColumn kStem =
    checked_text("name", 64, check_value<generator::check_stem>, true, 1);
constexpr SharedColumn kDescription = {
    .key = "description", .form = ColumnForm::kText, .column = "description", .most = 128};

constexpr SharedColumn kRowTime = {
    .key = "changed_s", .form = ColumnForm::kTime, .column = "changed_s", .most = 0xffffffff};

constexpr std::array<std::string_view, 2> kUserParts = {"Phone", "IP"};
constexpr SharedColumn kDialRules[] = {
    checked_text("pattern", 255, check_value<generator::check_dial_pattern>, true),
    {.key = "timeout_s", .form = ColumnForm::kInteger, .column = "timeout_s", .most = 255},
    {.key = "button", .form = ColumnForm::kInteger, .column = "button", .most = 999},
    {.key = "user_part",
     .form = ColumnForm::kChoice,
     .column = "user_part",
     .choices = kUserParts,
     .fallback = "Phone"},
    checked_text("rewrite", 255, check_value<generator::check_dial_rewrite>),
    checked_text("route", 255, check_value<generator::check_dial_route>),
    checked_text("tone", 255, check_value<generator::check_dial_tones>)};
constexpr NestedTable kDialRuleTable = {
    {.name = "dial_rules", .columns = kDialRules, .identity = 0}, "plan_id", "seq", 0};
// More do not fit a file that a phone takes.
constexpr SharedColumn kDialPlans[] = {kStem, kDescription, nested("rules", kDialRuleTable, 10'000),
                                       kRowTime};

constexpr SharedColumn kSoftkeySets[] = {
    checked_text("state", 64, check_value<generator::check_softkey_state>, true),
    {.key = "keys",
     .form = ColumnForm::kTexts,
     .column = "key",
     .most = generator::kMaxSoftkeys,
     .least = 1,
     .is_required = true,
     .check = check_value<generator::check_softkey>}};
constexpr NestedTable kSoftkeySetTable = {
    {.name = "softkey_sets", .columns = kSoftkeySets}, "template_id", "position", 1};
constexpr SharedColumn kSoftkeyTemplates[] = {kStem, kDescription,
                                              nested("sets", kSoftkeySetTable, 64), kRowTime};

constexpr SharedColumn kFeaturePolicies[] = {kStem,
                                             {.key = "settings",
                                              .form = ColumnForm::kSettings,
                                              .column = "settings",
                                              .check = generator::check_feature},
                                             kRowTime};

}  // namespace dialtone::importing
