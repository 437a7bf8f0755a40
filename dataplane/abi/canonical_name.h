// SPDX-License-Identifier: Apache-2.0
//
// The one form of a name under which a file is stored and looked up: ASCII letters in lower case,
// `\` as `/`, no leading slash, no empty, "." or ".." part, no control byte, 1..kMaxNameLength
// bytes. Phones disagree on case and on the leading slash (facts: cisco-tftp 0, points 11 and 12);
// the spelling of the request is for logs only. Hot: no allocation.
#pragma once

#include "dataplane/abi/image_format.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace dialtone::abi {

// Holds a canonical name without allocation.
struct CanonicalName {
  std::size_t length = 0;  // 0: not canonical
  char bytes[kMaxNameLength + 1];

  std::string_view view() const noexcept { return {bytes, length}; }
};

// False when `name` has no canonical form.
bool canonicalize(std::string_view name, CanonicalName& out) noexcept;

// True when `name` is its own canonical form.
bool is_canonical(std::string_view name) noexcept;

}  // namespace dialtone::abi
