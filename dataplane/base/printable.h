// SPDX-License-Identifier: Apache-2.0
//
// Text from elsewhere (files, the database, the network) on its way to a terminal or a log: nothing
// in it may move the cursor, change colours, end the line or reverse it. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dialtone {

// What is_unsafe() (utf8.h; line ends and tabs too) and bytes that are no UTF-8 become U+FFFD each;
// the ASCII characters of `keep` stay.
std::string printable(std::string_view text, std::string_view keep = {});

// The first `most` characters of a text from elsewhere, then "...": for messages, which quote what
// may be as long as a file.
std::string excerpt(std::string_view text, std::size_t most = 60);

}  // namespace dialtone
