// SPDX-License-Identifier: Apache-2.0
//
// The one table of what a JSON import may hold: tables, their keys, and what each takes. To add a
// column of the schema, add a line in shared_tables.cc. Immutable, any thread.
#pragma once

#include "control/database/references.h"
#include "dataplane/base/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::importing {

enum class ColumnForm {
  kText,     // of at most `most` characters
  kInteger,  // from `least` to `most`
  kBoolean,
  kChoice,     // one of `choices`
  kReference,  // the name of a row of `target`; empty or null: none
  kMembers,    // a list of such names, in order, at most `most`
  kTags,       // an object of tag names and values
  kSettings,   // an object of settings that `check` takes
  kRows,       // a list of rows of the table `nested`, in order, at most `most`
  kTime,       // changed_s of the row: what triggers keep, as an export says it
  kTexts,      // in a nested row, as its last column: a list of texts, each of which is a row
  kDocument,   // a text of many lines, of at most `most` bytes, that `check` takes
};

using CheckSetting = Result<void> (*)(std::string_view name, std::string_view value);
// Of row `id`, as it is written: the key that is wrong, and why.
struct WrongKey {
  std::string_view key;
  std::string why;
};
using CheckWritten = Result<std::vector<WrongKey>> (*)(database::Database& database,
                                                       std::int64_t id);

struct NestedTable;

struct SharedColumn {
  std::string_view key;
  ColumnForm form;
  std::string_view column;  // of the table; for kMembers, of the member table
  std::uint32_t most = 0;
  std::uint32_t least = 0;
  bool is_required = false;  // in a new row
  database::SharedRow target = {};
  std::span<const std::string_view> choices = {};
  CheckSetting check = nullptr;  // of a text or a number too, with the key for a name
  const NestedTable* nested = nullptr;
  std::string_view fallback = {};  // what it is in a nested row that does not have it
};

struct SharedTable {
  std::string_view name;
  std::span<const SharedColumn> columns;  // the first `identity` of them tell rows apart
  std::size_t identity = 1;
  std::string_view members = {};         // the table of the kMembers column
  CheckSetting check_row = nullptr;      // takes "name" and "value" together
  std::string_view after = {};           // SQL for row ?1 once it is written
  bool has_default = false;              // row 1 is that of devices which name none
  CheckWritten check_written = nullptr;  // but of a restore: what it brings back stood so
  std::string_view unset = {};           // a null of this key takes the row away; empty: of no key
};

// Rows that belong to a row. Those of a file stand in place of all that are stored.
struct NestedTable {
  SharedTable rows;           // identity: 0 where equal rows may be there twice
  std::string_view parent;    // the column that has the id of the row
  std::string_view position;  // that counts them; with kTexts, the texts of each; empty: none
  std::uint32_t first = 0;
};

// In the order in which they refer to each other.
std::span<const SharedTable> shared_tables() noexcept;

}  // namespace dialtone::importing
