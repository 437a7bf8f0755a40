// SPDX-License-Identifier: Apache-2.0
//
// Which schema a database has, and how it gets ours. Called by Database alone.
#pragma once

#include "control/database/database.h"
#include "dataplane/base/result.h"

#include <cstdint>

namespace dialtone::database {

inline constexpr std::int64_t kSchemaVersion = 5;

// 1 to kSchemaVersion, or 0 for an empty one. Another program's, and one of a newer version,
// are refused.
Result<std::int64_t> schema_version(Database& database);

// Tables, first rows and triggers of an empty one, or what an older one lacks, in one transaction.
// Rows that are there stay as they are. Does nothing when another process was faster.
Result<void> bring_to_schema(Database& database);

}  // namespace dialtone::database
