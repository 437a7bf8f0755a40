// SPDX-License-Identifier: Apache-2.0
#include "control/build/row_files.h"

#include "control/database/campus_loader.h"
#include "generator/shared/shared_files.h"

#include <set>

namespace dialtone::build {
namespace {

std::string canonical(const std::string& spelled) {
  const std::string name = generator::canonical_file_name(spelled);
  return name.empty() ? spelled : name;
}

}  // namespace

std::vector<std::string> dial_plan_files(const std::string& name) {
  const generator::DialPlan plan{.name = name, .changed_s = 0, .stamp = {}, .rules = {}};
  return {generator::dial_template_name(plan), generator::older_dial_template_name(plan)};
}

std::vector<std::string> softkey_files(const std::string& name) {
  return {generator::softkey_file_name({.name = name, .changed_s = 0, .stamp = {}, .sets = {}})};
}

std::vector<std::string> feature_policy_files(const std::string& name) {
  return {
      generator::feature_policy_name({.name = name, .changed_s = 0, .stamp = {}, .settings = {}})};
}

Result<void> check_row_files(database::Database& database, const std::vector<std::string>& files) {
  const auto rows = database::load_campus(database);
  if (!rows) {
    return rows.error();
  }
  std::set<std::string> own;
  for (const std::string& file : files) {
    own.insert(canonical(file));
  }
  for (const generator::SharedFault& fault : generator::render_shared_files(rows->campus).faults) {
    if (own.contains(canonical(fault.file))) {
      return refused(fault.why);
    }
  }
  return {};
}

}  // namespace dialtone::build
