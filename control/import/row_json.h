// SPDX-License-Identifier: Apache-2.0
//
// A stored shared row as an import takes it. Private to this folder, since it shows nlohmann. Cold;
// the thread of the Database, in the caller's transaction when rows are to be of one moment.
#pragma once

#include "control/database/database.h"
#include "control/import/json_reader.h"
#include "control/import/shared_tables.h"
#include "dataplane/base/result.h"

#include <cstdint>

namespace dialtone::importing {

enum class RowDetail {
  kShort,  // for a person: what is as by default is left out, and so is the time of the last change
  kWhole,  // every key, so that a row that is there already becomes equal
};

// References are the names of what they lead to; one that leads nowhere is null.
Result<Json> row_json(database::Database& database, const SharedTable& table, std::int64_t id,
                      RowDetail detail);

}  // namespace dialtone::importing
