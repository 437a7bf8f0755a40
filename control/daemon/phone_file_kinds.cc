// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/phone_file_kinds.h"

#include "control/build/row_files.h"
#include "control/database/tag_text.h"

#include <algorithm>
#include <array>

namespace dialtone::daemon {
namespace {

constexpr std::size_t kMostNames = 3;

constexpr std::string_view kPolicyEnd = "fp.xml";

// A file of the asset folder may have any name: it is one when it has that of a row's first file.
bool is_dial_plan(std::string_view name, const abi::FileRecord& record) {
  return record.file_class == abi::FileClass::kDialPlan && name != "appdialrules.xml" &&
         name != "dirlookupdialrules.xml" &&
         (record.origin == abi::Origin::kBuilt || name.starts_with("dr"));
}

bool is_softkey(std::string_view name, const abi::FileRecord& record) {
  return record.file_class == abi::FileClass::kSoftkey && !name.ends_with(kPolicyEnd) &&
         name.starts_with("sk");
}

bool is_feature_policy(std::string_view name, const abi::FileRecord& record) {
  return record.file_class == abi::FileClass::kSoftkey && name.ends_with(kPolicyEnd);
}

constexpr std::array<PhoneFileKind, 3> kKinds = {{
    {"dialplan", "dial plan", "dial_plans", "dial_plan_id", "dial_plan_id", "sip_profiles",
     "dial_template", database::SharedRow::kDialPlan, build::dial_plan_files, is_dial_plan},
    {"softkey", "softkey template", "softkey_templates", "softkey_template_id",
     "softkey_template_id", "sip_profiles", "soft_key_file", database::SharedRow::kSoftkeyTemplate,
     build::softkey_files, is_softkey},
    {"featurepolicy", "feature policy", "feature_policies", "feature_policy_id", "",
     "common_profiles", "feature_policy_file", database::SharedRow::kFeaturePolicy,
     build::feature_policy_files, is_feature_policy},
}};

Result<void> add_names(database::Database& database, const std::string& table,
                       std::string_view column, std::int64_t id, const std::string& what,
                       std::vector<std::string>& names) {
  return database.for_each(
      "SELECT name FROM " + table + " WHERE " + std::string(column) + " = ?1 ORDER BY name",
      [&](const database::Query& row) {
        names.push_back(what.empty() ? std::string(row.text(0))
                                     : what + " '" + std::string(row.text(0)) + "'");
      },
      id);
}

// A profile names a file, not a row.
Result<void> add_profiles(database::Database& database, const PhoneFileKind& kind,
                          const std::string& name, std::vector<std::string>& users) {
  const std::string what =
      kind.profiles == "sip_profiles" ? "SIP profile '" : "common phone profile '";
  const std::vector<std::string> files = kind.files_of(name);
  return database.for_each(
      "SELECT name, settings FROM " + std::string(kind.profiles) + " ORDER BY name",
      [&](const database::Query& row) {
        const auto settings = database::parse_tags(row.text(1));
        if (!settings) {
          return;  // the build says so
        }
        for (const generator::Tag& tag : *settings) {
          if (tag.name == kind.setting &&
              std::find(files.begin(), files.end(), tag.value) != files.end()) {
            users.push_back(what + std::string(row.text(0)) + "'");
          }
        }
      });
}

}  // namespace

const PhoneFileKind& phone_file_kind(std::size_t index) noexcept {
  return kKinds[index];
}

Result<RowUses> uses_of(database::Database& database, const PhoneFileKind& kind, std::int64_t id,
                        const std::string& name) {
  RowUses uses;
  DIALTONE_TRY(add_names(database, "devices", kind.column, id, "", uses.devices));
  if (!kind.em_column.empty()) {
    DIALTONE_TRY(add_names(database, "em_profiles", kind.em_column, id,
                           "Extension Mobility profile", uses.others));
  }
  DIALTONE_TRY(add_profiles(database, kind, name, uses.others));
  return uses;
}

std::string to_text(const RowUses& uses) {
  std::string text;
  if (const std::size_t count = uses.devices.size(); count != 0) {
    text = std::to_string(count) + (count == 1 ? " device (" : " devices (");
    for (std::size_t i = 0; i < std::min(count, kMostNames); ++i) {
      text += (i == 0 ? "" : ", ") + uses.devices[i];
    }
    text += count > kMostNames ? ", ...)" : ")";
  }
  for (std::size_t i = 0; i < std::min(uses.others.size(), kMostNames); ++i) {
    text += (text.empty() ? "" : " and ") + uses.others[i];
  }
  return text + (uses.others.size() > kMostNames ? " and others" : "");
}

}  // namespace dialtone::daemon
