// SPDX-License-Identifier: Apache-2.0
//
// The shared rows out of a JSON file: an object of tables, each an array of rows, as
// scripts/demo/tables.py writes it. Rows are found by their name and refer to each other by name.
// One transaction: all of it or nothing. Cold; the thread of the Database.
#pragma once

#include "control/database/database.h"
#include "control/import/fault_list.h"
#include "control/import/import_progress.h"
#include "control/import/import_report.h"
#include "dataplane/base/diagnostic.h"
#include "dataplane/base/result.h"

#include <string>
#include <string_view>

namespace dialtone::importing {

// A row that is there already is changed in the keys of the file only; one that is equal writes
// nothing. The faults go to `faults`, as many as a FaultList takes, with line and column, and texts
// as "cm_groups[2]: members: ..."; then, or when the database fails, nothing is written and the
// Error says how many there are. `progress` counts rows.
Result<ImportReport> import_json(database::Database& database, std::string_view text,
                                 const std::string& file, bool check, Diagnostics& faults);
Result<ImportReport> import_json(database::Database& database, std::string_view text,
                                 const std::string& file, bool check, Diagnostics& faults,
                                 ImportProgress& progress);

// Whether the first row of a table becomes row 1 where devices that name none have that row.
enum class DefaultRow { kAsItIs, kFirst };

// The same in the caller's Transaction: rows in order are written, and only an Error of the
// database is one.
Result<ImportReport> import_json_rows(database::Database& database, std::string_view text,
                                      DefaultRow default_row, FaultList& faults,
                                      ImportProgress& progress);

}  // namespace dialtone::importing
