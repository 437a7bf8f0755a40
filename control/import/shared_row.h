// SPDX-License-Identifier: Apache-2.0
//
// One row of a JSON import: its values checked and turned into what the columns hold, and written.
// Private to this folder, since it shows nlohmann. Cold; the thread of the Database.
#pragma once

#include "control/database/database.h"
#include "control/import/json_reader.h"
#include "control/import/shared_tables.h"
#include "dataplane/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dialtone::importing {

struct RowFault {
  std::string code;
  std::string text;  // "members: 'cm-x' is no Unified CM node; ..."
};

struct SharedRowValues {
  // In the order of the table; a column that the file does not name is not here.
  std::vector<std::pair<const SharedColumn*, database::Value>> columns;
  std::optional<std::vector<std::int64_t>> members;
};

// Only texts, numbers and the like are looked at; faults are collected, with what was probably
// meant when `hints`. An Error is one of the database.
Result<SharedRowValues> read_shared_row(database::Database& database, const SharedTable& table,
                                        const Json& row, bool hints, std::vector<RowFault>& faults);

// The id of the row with the same identity; nothing when it is new.
Result<std::optional<std::int64_t>> find_shared_row(database::Database& database,
                                                    const SharedTable& table,
                                                    const SharedRowValues& values);

// Returns the id.
Result<std::int64_t> insert_shared_row(database::Database& database, const SharedTable& table,
                                       const SharedRowValues& values);

// Writes what differs; true when that was anything.
Result<bool> update_shared_row(database::Database& database, const SharedTable& table,
                               std::int64_t id, const SharedRowValues& values);

}  // namespace dialtone::importing
