// SPDX-License-Identifier: Apache-2.0
//
// A whole database out of its two exports: what a restore does. Cold; the thread of the Database.
#pragma once

#include "control/database/database.h"
#include "control/import/import_report.h"
#include "dataplane/base/diagnostic.h"
#include "dataplane/base/result.h"

#include <string>
#include <string_view>

namespace dialtone::importing {

struct Exported {
  std::string_view json;
  std::string_view csv;
  std::string json_name;  // for faults
  std::string csv_name;
};

// In place of all shared rows and devices that are there; what `files put` has written of assets
// stays. Within the caller's Transaction, which must not be committed after faults or an Error.
Result<ImportReport> replace_all(database::Database& database, const Exported& exported,
                                 Diagnostics& faults);

}  // namespace dialtone::importing
