// SPDX-License-Identifier: Apache-2.0
//
// All or nothing: the transaction around an import of any format.
#pragma once

#include "control/database/database.h"
#include "control/import/fault_list.h"
#include "control/import/import_progress.h"
#include "control/import/import_report.h"
#include "dataplane/base/result.h"

#include <string>

namespace dialtone::importing {

// Commits what import() has written unless there are faults, an Error, or only a check was wanted.
template <typename Import>
Result<ImportReport> import_all(database::Database& database, const std::string& file, bool check,
                                FaultList& faults, ImportProgress& progress, Import import) {
  auto transaction = database::Transaction::begin(database);
  if (!transaction) {
    return transaction.error();
  }
  (void)database.in_place();  // from here on it knows its own log from another one
  Result<ImportReport> report = import();
  faults.close();
  if (!report) {
    return report;
  }
  if (const std::size_t count = faults.count(); count != 0) {
    return refused(file + " has " + (faults.full() ? "at least " : "") + std::to_string(count) +
                   (count == 1 ? " fault" : " faults") + (check ? "" : "; nothing was imported"));
  }
  if (!check) {
    if (!database.in_place()) {
      return refused("nothing was imported: the database file " + database.name() +
                     ", or its -wal, was moved or replaced meanwhile");
    }
    DIALTONE_TRY(progress.note_commit());
    DIALTONE_TRY(transaction->commit());
  }
  return report;
}

}  // namespace dialtone::importing
