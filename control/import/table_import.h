// SPDX-License-Identifier: Apache-2.0
//
// The rows of one shared table out of a list of an import. Private to this folder, since it shows
// nlohmann. Cold; the thread of the Database, within the caller's Transaction.
#pragma once

#include "control/database/database.h"
#include "control/import/fault_list.h"
#include "control/import/import_progress.h"
#include "control/import/import_report.h"
#include "control/import/json_import.h"
#include "control/import/json_places.h"
#include "control/import/json_reader.h"
#include "control/import/shared_tables.h"

#include <functional>

namespace dialtone::importing {

// Where in the file something is: the name of the table, the number of a row, what is below it.
using FindPlace = std::function<TextPlace(const JsonPath&)>;

// What is wrong goes to `faults`, and the rest is written; an Error is one of the database.
Result<void> import_table(database::Database& database, const SharedTable& table, const Json& rows,
                          DefaultRow default_row, const FindPlace& find_place, FaultList& faults,
                          ImportProgress& progress, ImportReport& report);

}  // namespace dialtone::importing
