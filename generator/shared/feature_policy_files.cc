// SPDX-License-Identifier: Apache-2.0
#include "generator/shared/feature_policy_files.h"

#include "generator/shared/file_rules.h"
#include "generator/shared/version_stamp.h"
#include "generator/shared/xml_document.h"

#include <algorithm>
#include <array>
#include <vector>

namespace dialtone::generator {
namespace {

struct Feature {
  std::string_view name;
  bool is_enabled;  // where a policy says nothing
};

// In the order of their ids, which begin with 1.
constexpr auto kFeatures = std::to_array<Feature>({
    {"Forward All", true},
    {"Park", true},
    {"Divert (Alerting)", true},
    {"Conference Details", true},
    {"Speed Dial", true},
    {"Call Back", true},
    {"Redial", true},
    {"Barge", false},
    {"Divert (Connected)", true},
    {"Call PickUp", true},
    {"Other Call PickUp", true},
    {"Group Call PickUp", true},
    {"Mobility", false},
    {"Meet Me", true},
    {"Quality Reporting Tool", true},
    {"Malicious Caller ID", true},
});

std::string feature_policy_file(const FeaturePolicy& policy) {
  XmlDocument xml("featurePolicy");
  xml.text("versionStamp", version_stamp(policy.changed_s, policy.stamp));
  for (std::size_t i = 0; i < kFeatures.size(); ++i) {
    const Feature& feature = kFeatures[i];
    const auto own = std::find_if(policy.settings.begin(), policy.settings.end(),
                                  [&](const Tag& each) { return each.name == feature.name; });
    xml.begin("featureDef");
    xml.attribute("name", feature.name);
    xml.text("id", std::to_string(i + 1));
    xml.text("enable", own != policy.settings.end() ? std::string_view(own->value)
                       : feature.is_enabled         ? "true"
                                                    : "false");
    xml.end();
  }
  return xml.finish();
}

}  // namespace

Result<void> check_feature(std::string_view feature, std::string_view value) {
  std::vector<std::string_view> known;
  for (const Feature& each : kFeatures) {
    known.push_back(each.name);
  }
  if (std::find(known.begin(), known.end(), feature) == known.end()) {
    return not_among("feature", feature, known);
  }
  return value == "true" || value == "false"
             ? Result<void>()
             : refused("'" + std::string(feature) + "' is true or false, not '" +
                       std::string(value) + "'");
}

void add_feature_policy_files(const Campus& campus, SharedFiles& all) {
  for (const FeaturePolicy& policy : campus.feature_policies) {
    const std::string file = feature_policy_name(policy);
    const std::string row = "feature policy '" + policy.name + "'";
    if (!check_file_stem(all, file, row, policy.name)) {
      continue;
    }
    Result<void> checked;
    for (const Tag& each : policy.settings) {
      checked = checked ? check_feature(each.name, each.value) : checked;
    }
    if (!checked) {
      all.faults.push_back({file, row + ": " + checked.error().text});
      continue;
    }
    add_phone_file(
        all, {file, feature_policy_file(policy), abi::FileClass::kSoftkey, policy.changed_s}, row);
  }
}

}  // namespace dialtone::generator
