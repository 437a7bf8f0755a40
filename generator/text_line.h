// SPDX-License-Identifier: Apache-2.0
//
// Values into files of the form "name: value", one on a line, which know no escapes: whatever a row
// holds, it cannot end its line or its quotes. Control bytes become blanks, '"' becomes '\'', and
// what is no UTF-8 becomes '?'. Never longer than the text. Hot: no allocation.
#pragma once

#include <string>
#include <string_view>

namespace dialtone::generator {

// Returns the end of what was written.
char* line_to(char* out, std::string_view text) noexcept;

std::string lined(std::string_view text);

}  // namespace dialtone::generator
