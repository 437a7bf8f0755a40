// SPDX-License-Identifier: Apache-2.0
//
// The brackets and commas of a JSON text, for guards that look at one before the library does:
// those in strings are none. The text need not be JSON. Pure, any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace dialtone {

// `visit`: of a mark and its offset; false ends it. Colons, and what is no mark, are passed over.
template <typename Visit>
void visit_json_marks(std::string_view text, Visit visit) {
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      i += c == '\\' ? 1 : 0;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if ((c == '[' || c == '{' || c == ']' || c == '}' || c == ',') && !visit(c, i)) {
      return;
    }
  }
}

}  // namespace dialtone
