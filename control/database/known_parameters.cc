// SPDX-License-Identifier: Apache-2.0
#include "control/database/known_parameters.h"

#include "control/database/policy_parameters.h"
#include "control/database/text_rules.h"
#include "generator/settings.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace dialtone::database {
namespace {

std::vector<KnownParameter> collect() {
  std::vector<KnownParameter> all = {
      {"build-cnf", "all, none or selective", "selective", "all",
       "Who gets the older .cnf beside .cnf.xml", false},
      {"auto_registration", "SCCP or SIP", "SCCP", "",
       "Whose load XMLDefault.cnf.xml names, of a model that speaks both", false},
  };
  for (const PolicyParameter& each : policy_parameters()) {
    all.push_back({std::string(each.name), std::string(each.takes), "", "",
                   std::string(each.description), true});
  }
  for (generator::Setting& each : settings_of(generator::EnterpriseParameters{})) {
    all.push_back({std::string(each.name), std::move(each.takes), std::move(each.fallback), "",
                   "In the files of phones", false});
  }
  return all;
}

}  // namespace

std::span<const KnownParameter> known_parameters() {
  static const std::vector<KnownParameter> all = collect();
  return all;
}

const KnownParameter* find_known_parameter(std::string_view name) {
  const auto all = known_parameters();
  const auto found = std::ranges::find(all, name, &KnownParameter::name);
  return found == all.end() ? nullptr : &*found;
}

std::string_view default_value(const KnownParameter& parameter, std::string_view profile) noexcept {
  return profile == "cm3" && !parameter.cm3_default.empty() ? parameter.cm3_default
                                                            : parameter.fallback;
}

Error unknown_service_parameter(std::string_view name) {
  std::vector<std::string_view> names;
  for (const KnownParameter& each : known_parameters()) {
    names.push_back(each.name);
  }
  return refused(unknown_word("service parameter", name, names));
}

}  // namespace dialtone::database
