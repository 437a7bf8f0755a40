// SPDX-License-Identifier: Apache-2.0
#include "control/image/profile.h"

#include "control/image/policy.h"

#include <algorithm>

namespace dialtone::image_build {
namespace {

// RFC 1350's code 3 is "disk full or allocation exceeded": both texts have it, and devices tell
// them apart by the text.
constexpr std::uint16_t kNoRoom = 3;

constexpr Profile::Reply kProcess{kNoRoom, "Process Allocation Exceeded"};
constexpr Profile::Reply kDisk{kNoRoom, "Disk Full"};

// What is known of each version is that it sent "an error message" (cm3) or "a message" and "a
// delay message" (cm9); those words are ours. Of cm12 and cm14 nothing is known but the default
// count: they answer as cm9 does.
constexpr Profile::Reply kLater{0, "Server is busy, try again later"};
constexpr Profile::Reply kBusyNow{kNoRoom, "Server is busy, try again later"};
constexpr Profile::Reply kDelay{kNoRoom, "Delay: rebuilding, try again later"};

// How the places were called is known of each version (features 1.1), but for the three caches of
// cm9, whose names are ours, by what is kept in memory of each kind.
constexpr SearchPlace kOnePath[] = {
    {"primary",
     {FileSource::kDevice, FileSource::kDefault, FileSource::kShared, FileSource::kAsset}}};
constexpr SearchPlace kCacheAndPath[] = {
    {"cache", {FileSource::kDevice, FileSource::kDefault, FileSource::kShared}},
    {"primary", {FileSource::kAsset}}};
constexpr SearchPlace kCachesAndDisk[] = {{"cache:devices", {FileSource::kDevice}},
                                          {"cache:defaults", {FileSource::kDefault}},
                                          {"cache:shared", {FileSource::kShared}},
                                          {"disk", {FileSource::kAsset}}};
constexpr SearchPlace kLocal[] = {
    {"local",
     {FileSource::kDevice, FileSource::kDefault, FileSource::kShared, FileSource::kAsset}}};

// AlternateFileLocation 1-10, and Alternate Cisco File Server 1-10.
constexpr std::size_t kTenEntries = 10;

constexpr SearchOrder kCm3Order{kOnePath, ClusterSteps::kServers, kTenEntries};
constexpr SearchOrder kCm5Order{kCacheAndPath, ClusterSteps::kServers, kTenEntries};
constexpr SearchOrder kCm9Order{kCachesAndDisk, ClusterSteps::kServers, 0};
constexpr SearchOrder kClusterOrder{kLocal, ClusterSteps::kClusters, 0};

constexpr Profile kProfiles[] = {
    {"dialtone", 0, false, false, kProcess, kDisk, kClusterOrder},
    {"cm3", 30, true, false, kLater, kDisk, kCm3Order},
    {"cm5", 200, true, true, kProcess, kDisk, kCm5Order},
    {"cm9", 200, true, true, kBusyNow, kDelay, kCm9Order},
    {"cm12", 500, true, true, kBusyNow, kDelay, kClusterOrder},
    {"cm14", 500, true, true, kBusyNow, kDelay, kClusterOrder},
};

}  // namespace

std::span<const Profile> profiles() noexcept {
  return kProfiles;
}

const Profile* find_profile(std::string_view name) noexcept {
  const auto* found = std::find_if(std::begin(kProfiles), std::end(kProfiles),
                                   [&](const Profile& each) { return each.name == name; });
  return found == std::end(kProfiles) ? nullptr : found;
}

void apply(const Profile& profile, abi::Policy& policy) noexcept {
  policy.max_sessions = profile.max_serving_count;
  policy.answers_busy = profile.answers_busy ? 1 : 0;
  policy.busy = error_reply(profile.busy.code, profile.busy.text);
  policy.rebuilding = error_reply(profile.rebuilding.code, profile.rebuilding.text);
}

}  // namespace dialtone::image_build
