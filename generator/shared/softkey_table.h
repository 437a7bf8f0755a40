// SPDX-License-Identifier: Apache-2.0
//
// The softkeys that phones know, and the states that they show them in (cisco-tftp 4.3). Immutable;
// any thread.
#pragma once

#include "dataplane/base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace dialtone::generator {

inline constexpr std::size_t kMaxSoftkeys = 16;  // of one state

struct Softkey {
  std::string_view id;  // "NewCall"
  std::uint32_t tag;
  std::uint32_t event;
  std::uint32_t help;
};

std::span<const Softkey> softkeys() noexcept;
std::span<const std::string_view> softkey_states() noexcept;  // "On Hook", in order

// Refused for what is none, with the word that was probably meant.
Result<void> check_softkey(std::string_view key);
Result<void> check_softkey_state(std::string_view state);

}  // namespace dialtone::generator
