// SPDX-License-Identifier: Apache-2.0
//
// The rows of one shared table out of a list of an import. Private to this folder, since it shows
// nlohmann. Cold; the thread of the Database, within the caller's Transaction.
#pragma once

#include "control/database/database.h"
#include "control/import/fault_list.h"
#include "control/import/import_report.h"
#include "control/import/json_import.h"
#include "control/import/json_reader.h"
#include "control/import/shared_tables.h"

namespace dialtone::importing {

// What is wrong goes to `faults`, and the rest is written; an Error is one of the database.
Result<void> import_table(database::Database& database, const SharedTable& table, const Json& rows,
                          DefaultRow default_row, FaultList& faults, ImportReport& report);

}  // namespace dialtone::importing
