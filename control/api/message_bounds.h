// SPDX-License-Identifier: Apache-2.0
//
// What a request may hold: a guard before it is parsed. The library keeps the keys of an object in
// their order and looks for each new one among all before it: an object of 60,000 keys would hold
// control for seconds, in which nobody else is served. Pure, any thread; one pass over the text.
#pragma once

#include "dataplane/base/result.h"

#include <cstddef>
#include <string_view>

namespace dialtone::api {

// All keys of a phone with every line, button and tag are some 1,000.
inline constexpr std::size_t kMaxKeys = 4096;
// Objects, lists and what stands in them: a command that names 100,000 devices has as many.
inline constexpr std::size_t kMaxValues = 500'000;

// The text need not be JSON, but it is not nested more than kMaxJsonDepth deep.
Result<void> check_bounds(std::string_view text);

}  // namespace dialtone::api
