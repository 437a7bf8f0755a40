// SPDX-License-Identifier: Apache-2.0
//
// One shared row out of a file of its own, and back: what `dialtone dialplan set` and `show` do.
// Cold; the thread of the Database.
#pragma once

#include "control/database/database.h"
#include "control/import/import_report.h"
#include "dataplane/base/diagnostic.h"
#include "dataplane/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace dialtone::importing {

// `text` is JSON, either the row or an import's object with that one row, or the file of a phone in
// XML: dialTemplate, DIALTEMPLATE, softKeyCfg, featurePolicy. The row is called `name`, whatever
// the file says. Within the caller's Transaction, which must not be committed after an Error;
// faults as those of import_json().
Result<ImportReport> import_row(database::Database& database, std::string_view table,
                                std::string_view name, std::string_view text,
                                const std::string& file, Diagnostics& faults);

// Row `id` of the table as JSON, in the form of an import, without what is as by default.
Result<std::string> export_row(database::Database& database, std::string_view table,
                               std::int64_t id);

}  // namespace dialtone::importing
