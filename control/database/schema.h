// SPDX-License-Identifier: Apache-2.0
//
// Which schema a database file has, and how it gets ours. Called by Database alone.
#pragma once

#include "control/database/database.h"
#include "dataplane/base/result.h"

#include <cstdint>

namespace dialtone::database {

inline constexpr std::int64_t kSchemaVersion = 1;

// kSchemaVersion, or 0 for an empty file. Another program's file, and one of a newer version, are
// refused.
Result<std::int64_t> schema_version(Database& database);

// Tables, first rows and triggers, in one transaction. Does nothing when another process was
// faster.
Result<void> create_schema(Database& database);

}  // namespace dialtone::database
