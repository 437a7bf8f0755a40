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
constexpr Profile::Reply kDelay{kNoRoom, "Delay: rebuilding, try again later"};

constexpr Profile kProfiles[] = {
    {"dialtone", 0, false, false, kProcess, kDisk},
    {"cm3", 30, true, false, kLater, kDisk},
    {"cm5", 200, true, true, kProcess, kDisk},
    {"cm9", 200, true, true, {kNoRoom, "Server is busy, try again later"}, kDelay},
    {"cm12", 500, true, true, {kNoRoom, "Server is busy, try again later"}, kDelay},
    {"cm14", 500, true, true, {kNoRoom, "Server is busy, try again later"}, kDelay},
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
