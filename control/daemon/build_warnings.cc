// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/build_warnings.h"

#include "control/build/row_files.h"
#include "dataplane/abi/canonical_name.h"

#include <algorithm>
#include <utility>

namespace dialtone::daemon {

void add_format_warnings(const Service& service, const build::DeviceFormats& formats,
                         Answer& answer) {
  const bool has_encoder = service.builder().config().encoders.has(generator::DeviceFile::kCnf);
  for (std::string& warning : format_warnings(formats, has_encoder)) {
    answer.warnings.push_back(std::move(warning));
  }
}

void add_unbuilt_warnings(const Service& service, const database::Device& device,
                          const std::vector<std::string>& keys, Answer& answer) {
  struct Named {
    std::string_view key;
    const std::string& row;
    std::vector<std::string> (*files_of)(const std::string& row);
  };
  const Named all[] = {{"dial_plan", device.dial_plan, build::dial_plan_files},
                       {"softkey", device.softkey, build::softkey_files},
                       {"feature_policy", device.feature_policy, build::feature_policy_files}};
  for (const Named& named : all) {
    if (named.row.empty() || std::find(keys.begin(), keys.end(), named.key) == keys.end()) {
      continue;
    }
    const std::string file = named.files_of(named.row).front();
    abi::CanonicalName name;
    const std::string why =
        abi::canonicalize(file, name) ? service.builder().fault_of(name.view()) : std::string();
    if (!why.empty()) {
      answer.warnings.push_back(std::string(named.key) + ": " + file + " cannot be built: " + why +
                                "; its last good state, if any, is served on");
    }
  }
}

}  // namespace dialtone::daemon
