// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/build_counters.h"

#include <algorithm>

namespace dialtone::daemon {
namespace {

constexpr std::uint64_t kSecond = 1'000'000;

}  // namespace

std::vector<BuildCounter> build_counters(const build::Builder& builder) {
  const auto built = [&](abi::FileClass file_class) {
    const auto& files = builder.image().files();
    const auto count = std::count_if(files.begin(), files.end(), [&](const auto& file) {
      const abi::FileRecord& record = file.second.record();
      return record.origin == abi::Origin::kBuilt && record.file_class == file_class;
    });
    return static_cast<std::uint64_t>(count);
  };
  const build::FullBuilds& builds = builder.full_builds();
  return {
      {"BuildAbortCount", "Full builds that ended since another one began: none, each is finished.",
       0},
      {"BuildCount", "Full builds since control was started.", builds.count},
      {"BuildDeviceCount",
       "Configurations of devices now, made by full builds and by changes of one.",
       built(abi::FileClass::kDeviceConfig)},
      {"BuildDialruleCount",
       "Files of dial plans and of rules for dialled numbers now, made by full builds and by "
       "changes of one.",
       built(abi::FileClass::kDialPlan)},
      {"BuildDuration", "Seconds that the last full build took, rounded.",
       (builds.last_us + kSecond / 2) / kSecond},
      {"BuildSoftkeyCount",
       "Files of softkey templates and feature policies now, made by full builds and by changes of "
       "one.",
       built(abi::FileClass::kSoftkey)},
      {"BuildUnitCount", "Files of gateways now, made by full builds and by changes of one.",
       built(abi::FileClass::kGateway)},
  };
}

}  // namespace dialtone::daemon
