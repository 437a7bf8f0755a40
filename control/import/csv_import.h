// SPDX-License-Identifier: Apache-2.0
//
// Devices out of a CSV, a row each, in one transaction: all of them or none. Cold; the thread of
// the Database.
#pragma once

#include "control/database/database.h"
#include "control/import/fault_list.h"
#include "control/import/import_progress.h"
#include "control/import/import_report.h"
#include "dataplane/base/diagnostic.h"
#include "dataplane/base/result.h"

#include <map>
#include <string>
#include <string_view>

namespace dialtone::importing {

struct CsvOptions {
  std::string file;                                // for diagnostics
  std::map<std::string, std::string> column_keys;  // column -> key, "" ignores the column
  bool check = false;                              // do all but keep it
  bool is_restore = false;                         // as it was, also what no command would write
};

// A device that is there already is changed in the columns of the file only; an empty field clears.
// The faults of all rows go to `faults` with line and column, as many as a FaultList takes.
// Then, or when the database fails, nothing is written and the Error says how many there are.
// `progress` counts lines of the text.
Result<ImportReport> import_csv(database::Database& database, std::string_view text,
                                const CsvOptions& options, Diagnostics& faults);
Result<ImportReport> import_csv(database::Database& database, std::string_view text,
                                const CsvOptions& options, Diagnostics& faults,
                                ImportProgress& progress);

// The same in the caller's Transaction, whatever `options.check` says: rows in order are written,
// and only an Error of the database is one.
Result<ImportReport> import_csv_rows(database::Database& database, std::string_view text,
                                     const CsvOptions& options, FaultList& faults,
                                     ImportProgress& progress);

}  // namespace dialtone::importing
