// SPDX-License-Identifier: Apache-2.0
//
// Text from elsewhere (the database, file names, the daemon) on its way to a terminal: nothing in
// it may move the cursor, change colours or reverse the line. Pure functions; any thread; no
// errors.
#pragma once

#include "dataplane/base/printable.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace dialtone::cli {

// As printable() for a whole text file: line ends and tabs stay, "\r\n" becomes "\n".
std::string printable_lines(std::string_view text);

// How many columns of a terminal the text takes: 2 for East Asian wide characters and most emoji, 0
// for combining marks.
std::size_t display_width(std::string_view text);

// At most `width` columns, 1 or more, of it: what was cut off is a "…".
std::string cut_to(std::string_view text, std::size_t width);

}  // namespace dialtone::cli
