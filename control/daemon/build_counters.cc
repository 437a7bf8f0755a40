// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/build_counters.h"

#include <algorithm>

namespace dialtone::daemon {
namespace {

constexpr std::uint64_t kSecond = 1'000'000;

bool is_device_file(const abi::FileRecord& record) noexcept {
  return record.origin == abi::Origin::kBuilt && record.file_class == abi::FileClass::kDeviceConfig;
}

}  // namespace

std::vector<BuildCounter> build_counters(const build::Builder& builder) {
  const auto& files = builder.image().files();
  const auto devices = std::count_if(files.begin(), files.end(), [](const auto& file) {
    return is_device_file(file.second.record());
  });
  const build::FullBuilds& builds = builder.full_builds();
  return {
      {"BuildAbortCount", "Full builds that ended since another one began: none, each is finished.",
       0},
      {"BuildCount", "Full builds since control was started.", builds.count},
      {"BuildDeviceCount", "Configurations of devices that are built, changes of one included.",
       static_cast<std::uint64_t>(devices)},
      {"BuildDuration", "Seconds that the last full build took, rounded.",
       (builds.last_us + kSecond / 2) / kSecond},
  };
}

}  // namespace dialtone::daemon
