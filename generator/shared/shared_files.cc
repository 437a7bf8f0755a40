// SPDX-License-Identifier: Apache-2.0
#include "generator/shared/shared_files.h"

#include "dataplane/abi/canonical_name.h"
#include "generator/shared/application_rule_files.h"
#include "generator/shared/background_list_files.h"
#include "generator/shared/dial_plan_files.h"
#include "generator/shared/family_files.h"
#include "generator/shared/feature_policy_files.h"
#include "generator/shared/ring_list_files.h"
#include "generator/shared/softkey_files.h"

#include <algorithm>
#include <set>
#include <utility>

namespace dialtone::generator {
namespace {

// Phones fold case, so the image does; and names that no file can have never come so far.
void refuse_doubles(SharedFiles& all) {
  std::set<std::string> seen;
  std::vector<SharedFile> files;
  for (SharedFile& file : all.files) {
    const std::string name = canonical_file_name(file.name);
    if (!name.empty() && seen.insert(name).second) {
      files.push_back(std::move(file));
    } else {
      all.faults.push_back(
          {file.name, file.name + (name.empty() ? ": a file cannot have this name"
                                                : ": two rows want this name; rename one")});
    }
  }
  all.files = std::move(files);
}

}  // namespace

SharedFiles render_shared_files(const Campus& campus) {
  SharedFiles all;
  add_dial_plan_files(campus, all);
  add_softkey_files(campus, all);
  add_feature_policy_files(campus, all);
  add_application_rule_files(campus, all);
  add_ring_list_files(campus, all);
  add_background_list_files(campus, all);
  add_family_files(campus, all);
  refuse_doubles(all);
  return all;
}

std::string canonical_file_name(const std::string& spelled) {
  abi::CanonicalName name;
  return abi::canonicalize(spelled, name) ? std::string(name.view()) : std::string();
}

bool is_file_stem(std::string_view name) noexcept {
  constexpr std::size_t kMost = 64;
  return !name.empty() && name.size() <= kMost && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

std::string dial_template_name(const DialPlan& plan) {
  return "DR" + plan.name + ".xml";
}

std::string older_dial_template_name(const DialPlan& plan) {
  return plan.name + ".xml";
}

std::string softkey_file_name(const SoftkeyTemplate& softkeys) {
  return "SK" + softkeys.name + ".xml";
}

std::string feature_policy_name(const FeaturePolicy& policy) {
  return policy.name + "FP.xml";
}

}  // namespace dialtone::generator
