// SPDX-License-Identifier: Apache-2.0
//
// One row of a JSON import: its values checked and turned into what the columns hold, and written.
// Private to this folder, since it shows nlohmann. Cold; the thread of the Database.
#pragma once

#include "control/database/database.h"
#include "control/import/json_places.h"
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
  std::string text;      // "members: 'cm-x' is no Unified CM node; ..."
  std::string key = {};  // which one it is of; empty: of the row
  JsonPath nested = {};  // rules, 3: the row below this one that it is in
};

// The rows of a nested table, of one row, each with all its columns and, when there is
// one, the position behind them.
struct NestedRows {
  const NestedTable* table = nullptr;
  std::vector<std::vector<database::Value>> rows;
};

struct SharedRowValues {
  // In the order of the table; a column that the file does not name is not here.
  std::vector<std::pair<const SharedColumn*, database::Value>> columns;
  std::optional<std::vector<std::int64_t>> members;
  std::vector<NestedRows> nested;
  std::optional<std::int64_t> changed_s;
};

// Only texts, numbers and the like are looked at; faults are collected, with what was probably
// meant when `hints`. An Error is one of the database.
Result<SharedRowValues> read_shared_row(database::Database& database, const SharedTable& table,
                                        const Json& row, bool hints, std::vector<RowFault>& faults);

// The id of the row with the same identity; nothing when it is new.
Result<std::optional<std::int64_t>> find_shared_row(database::Database& database,
                                                    const SharedTable& table,
                                                    const SharedRowValues& values);

// Returns the id. `id`: the one that it gets; 0: the next.
Result<std::int64_t> insert_shared_row(database::Database& database, const SharedTable& table,
                                       const SharedRowValues& values, std::int64_t id = 0);

// Writes what differs; true when that was anything.
Result<bool> update_shared_row(database::Database& database, const SharedTable& table,
                               std::int64_t id, const SharedRowValues& values);

// Of a column of the form kRows; as read_shared_row().
Result<NestedRows> read_nested_rows(database::Database& database, const SharedColumn& column,
                                    const Json& list, bool hints, std::vector<RowFault>& faults);

// Makes them those that are stored below row `id`; true when others were.
Result<bool> write_nested_rows(database::Database& database, const NestedRows& nested,
                               std::int64_t id);

// A value in a message: of lists and objects only what they are.
std::string shown(const Json& value);

}  // namespace dialtone::importing
