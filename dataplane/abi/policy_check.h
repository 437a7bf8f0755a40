// SPDX-License-Identifier: Apache-2.0
//
// Tells whether two policies are the same: a control that comes back learns from HELLO whether what
// is served has its policy, besides its files. Cold.
#pragma once

#include "dataplane/abi/image_format.h"
#include "dataplane/base/digest.h"

#include <cstdint>
#include <span>
#include <type_traits>

namespace dialtone::abi {

static_assert(std::has_unique_object_representations_v<Policy>, "its bytes are its value");

inline std::uint32_t policy_check(const Policy& policy) noexcept {
  return static_cast<std::uint32_t>(digest_of(std::as_bytes(std::span(&policy, 1))).low);
}

}  // namespace dialtone::abi
