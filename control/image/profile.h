// SPDX-License-Identifier: Apache-2.0
//
// Compatibility profiles: what a server of an earlier time did with requests that it could not
// serve at once, and where it looked for files. Devices react to the first: some texts send them to
// the second server, others make them wait for the first. Cold.
#pragma once

#include "control/image/search_order.h"
#include "dataplane/abi/image_format.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace dialtone::image_build {

struct Profile {
  struct Reply {
    std::uint16_t code;
    std::string_view text;
  };

  std::string_view name;
  std::uint32_t max_serving_count;  // 0: as many as the dataplane's max_sessions
  bool answers_busy;                // when that many are served; else the client has to ask again
  bool may_answer_rebuilding;
  Reply busy;
  Reply rebuilding;
  SearchOrder search;
};

// `dialtone` first: it is the default.
std::span<const Profile> profiles() noexcept;

// Null: there is none of that name.
const Profile* find_profile(std::string_view name) noexcept;

void apply(const Profile& profile, abi::Policy& policy) noexcept;

}  // namespace dialtone::image_build
