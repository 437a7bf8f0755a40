// SPDX-License-Identifier: Apache-2.0
//
// CSV as RFC 4180 has it: quoted fields with commas, quotes and line ends in them, CR LF or LF, a
// byte order mark. Rows remember their line, for diagnostics. Ours, since Debian 12 has no CSV
// library that is kept up. Pure, any thread.
#pragma once

#include "dataplane/base/diagnostic.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::importing {

struct CsvRow {
  std::uint32_t line = 0;  // where it begins
  std::vector<std::string> fields;
};

// The first row is the header; every other one has as many fields. Blank lines are passed over. A
// row that breaks these rules is a fault ("broken-row") and left out; after a quote that is never
// closed, nothing more is read.
std::vector<CsvRow> read_csv(std::string_view text, const std::string& file, Diagnostics& faults);

}  // namespace dialtone::importing
