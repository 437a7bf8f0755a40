// SPDX-License-Identifier: Apache-2.0
//
// The policy of a generation when nothing else is configured: limits, and the code and text of each
// ERROR (RFC 1350, appendix). Cold.
#pragma once

#include "dataplane/abi/image_format.h"

#include <string_view>
#include <vector>

namespace dialtone::image_build {

// What a manifest carries beside the files.
struct ServedPolicy {
  abi::Policy policy;
  std::vector<abi::ClientRange> clients;  // client_ranges.h; empty: all
};

inline constexpr std::size_t kMaxErrorText = sizeof(abi::ErrorReply::text) - 1;

// A longer text is cut.
abi::ErrorReply error_reply(std::uint16_t code, std::string_view text) noexcept;

abi::Policy default_policy() noexcept;

}  // namespace dialtone::image_build
