// SPDX-License-Identifier: Apache-2.0
//
// What a text of the database may be, and how an unknown word is reported: the same for keys of
// `dialtone device set`, columns of a CSV and fields of a JSON file. Pure functions, any thread.
#pragma once

#include "dataplane/base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::database {

// One line of UTF-8 without what is_unsafe() (dataplane/base/utf8.h), of at most `most` characters;
// else refused, beginning with `what`. XML can hold every such text.
Result<void> check_text(std::string_view what, std::string_view text, std::size_t most);

// Decimal digits of a number up to `most`; nothing for any other text.
std::optional<std::uint32_t> parse_number(std::string_view text, std::uint32_t most) noexcept;

// "'foo' is no WHAT; did you mean 'fob'?", or the names there are when none is near.
std::string unknown_word(std::string_view what, std::string_view word,
                         const std::vector<std::string_view>& names);

// "'foo' is no WHAT", alone: for the many faults of one file.
std::string no_such_word(std::string_view what, std::string_view word);

std::string lower_case(std::string_view text);  // ASCII letters only
std::string upper_case(std::string_view text);
std::string_view trimmed(std::string_view text) noexcept;  // no blanks at its ends

}  // namespace dialtone::database
