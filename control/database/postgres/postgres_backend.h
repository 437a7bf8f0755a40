// SPDX-License-Identifier: Apache-2.0
//
// A connection to a PostgreSQL database, for its schema of the search path. Waits of two seconds
// for a lock of another session.
#pragma once

#include "control/database/backend.h"
#include "dataplane/base/result.h"

#include <memory>
#include <string>

namespace dialtone::database {

extern const Dialect kPostgresDialect;

// The database has to be there; its tables need not.
Result<std::unique_ptr<Backend>> open_postgres(const std::string& location, Access access);

// Statement-level triggers with transition tables for each line of change_tables(): a statement
// writes one row of change_log for each row that it touched, and one notice without a payload.
Result<void> drop_postgres_triggers(Database& database);
Result<void> create_postgres_triggers(Database& database);

}  // namespace dialtone::database
