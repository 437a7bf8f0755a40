// SPDX-License-Identifier: Apache-2.0
//
// A text that is a number and nothing else. Pure; any thread.
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string_view>
#include <system_error>

namespace dialtone {

// Decimal digits, of a signed type with a '-' in front. Nothing: the text is empty, has something
// else in it, or says more than the type holds.
template <std::integral Number>
std::optional<Number> whole_number(std::string_view text) noexcept {
  Number value = 0;
  const char* const all = text.data() + text.size();
  const auto [end, fault] = std::from_chars(text.data(), all, value);
  return fault == std::errc{} && end == all ? std::optional(value) : std::nullopt;
}

}  // namespace dialtone
