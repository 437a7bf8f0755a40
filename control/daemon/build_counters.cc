// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/build_counters.h"

namespace dialtone::daemon {
namespace {

constexpr std::uint64_t kSecond = 1'000'000;

}  // namespace

std::vector<BuildCounter> build_counters(const build::Builder& builder) {
  const build::FileCounts& files = builder.counts();
  const build::FullBuilds& builds = builder.full_builds();
  return {
      {"BuildAbortCount", "Full builds that ended since another one began: none, each is finished.",
       0},
      {"BuildCount", "Full builds since control was started.", builds.count},
      {"BuildDeviceCount",
       "Configurations of devices now, made by full builds and by changes of one.",
       files.of(abi::FileClass::kDeviceConfig)},
      {"BuildDialruleCount",
       "Files of dial plans and of rules for dialled numbers now, made by full builds and by "
       "changes of one.",
       files.of(abi::FileClass::kDialPlan)},
      {"BuildDuration", "Seconds that the last full build took, rounded.",
       (builds.last_us + kSecond / 2) / kSecond},
      {"BuildSoftkeyCount",
       "Files of softkey templates and feature policies now, made by full builds and by changes of "
       "one.",
       files.of(abi::FileClass::kSoftkey)},
      {"BuildUnitCount", "Files of gateways now, made by full builds and by changes of one.",
       files.of(abi::FileClass::kGateway)},
  };
}

}  // namespace dialtone::daemon
