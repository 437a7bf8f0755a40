// SPDX-License-Identifier: Apache-2.0
//
// A connection to a SQLite file: opened without SQLite's own locks, in WAL mode, with a wait of two
// seconds for a lock of another connection.
#pragma once

#include "control/database/backend.h"
#include "dataplane/base/result.h"

#include <memory>
#include <string>

namespace dialtone::database {

extern const Dialect kSqliteDialect;

// For writing, the file is made when it is missing: for its owner alone, since it holds digest
// credentials.
Result<std::unique_ptr<Backend>> open_sqlite(const std::string& path, Access access);

// Triggers for each line of change_tables(), in SQLite's words.
Result<void> drop_sqlite_triggers(Database& database);
Result<void> create_sqlite_triggers(Database& database);

}  // namespace dialtone::database
