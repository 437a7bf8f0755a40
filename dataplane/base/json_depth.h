// SPDX-License-Identifier: Apache-2.0
//
// A guard before a JSON text from elsewhere is given to the library, which copies, compares and
// writes values by recursion: a text nested a hundred thousand times deep would overflow the stack.
// Pure, any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace dialtone {

inline constexpr int kMaxJsonDepth = 64;  // no document of ours is deeper than five levels

// The offset of the bracket that nests more than kMaxJsonDepth deep; nothing when none does. The
// text need not be JSON.
std::optional<std::size_t> find_deep_json(std::string_view text) noexcept;

}  // namespace dialtone
