// SPDX-License-Identifier: Apache-2.0
//
// The text of schema.sql, put into the library by scripts/embed-files.py at build time.
#pragma once

#include <string_view>

namespace dialtone::database {

extern const std::string_view kSchemaSql;

}  // namespace dialtone::database
