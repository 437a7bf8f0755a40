// SPDX-License-Identifier: Apache-2.0
//
// Text from elsewhere (the database, file names, the daemon) on its way to a terminal: nothing in
// it may move the cursor, change colours or reverse the line. Pure functions; any thread; no
// errors.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dialtone::cli {

// On one line: what is_unsafe() (dataplane/base/utf8.h; line ends and tabs too) and bytes that are
// no UTF-8 become U+FFFD each.
std::string printable(std::string_view text);

// The same for a whole text file: line ends and tabs stay, "\r\n" becomes "\n".
std::string printable_lines(std::string_view text);

// How many columns of a terminal the text takes: 2 for East Asian wide characters and most emoji, 0
// for combining marks.
std::size_t display_width(std::string_view text);

}  // namespace dialtone::cli
