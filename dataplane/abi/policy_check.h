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

static_assert(std::has_unique_object_representations_v<Policy> &&
                  std::has_unique_object_representations_v<ClientRange>,
              "their bytes are their value");

inline std::uint32_t policy_check(const Policy& policy,
                                  std::span<const ClientRange> clients) noexcept {
  const Digest first = digest_of(std::as_bytes(std::span(&policy, 1)));
  const Digest second = digest_of(std::as_bytes(clients));
  return static_cast<std::uint32_t>(mix64(first.low, second.low));
}

}  // namespace dialtone::abi
