// SPDX-License-Identifier: Apache-2.0
//
// Rows below a row: a list of objects in the file, a table of their own in the database.
#include "control/database/text_rules.h"
#include "control/import/shared_row.h"

#include <algorithm>
#include <map>

namespace dialtone::importing {
namespace {

using database::Database;
using database::Value;

bool is_number(const SharedColumn& column) noexcept {
  return column.form == ColumnForm::kInteger || column.form == ColumnForm::kBoolean;
}

// What stands for a column that the row does not have.
Value fallback_of(const SharedColumn& column) {
  if (column.form == ColumnForm::kReference) {
    return Value();
  }
  if (is_number(column)) {
    return Value(std::int64_t{database::parse_number(column.fallback, column.most).value_or(0)});
  }
  return Value(std::string(column.fallback));
}

class NestedReader {
 public:
  NestedReader(Database& database, const SharedColumn& column, bool hints,
               std::vector<RowFault>& faults)
      : database_(database),
        key_(column.key),
        table_(column.nested->rows),
        first_(column.nested->first),
        hints_(hints),
        faults_(faults) {
    nested_.table = column.nested;
  }

  Result<NestedRows> run(const Json& list) {
    position_ = first_;
    for (std::size_t i = 0; i < list.size(); ++i) {
      std::vector<RowFault> wrong;
      const auto values = read_shared_row(database_, table_, list[i], hints_, wrong);
      if (!values) {
        return values.error();
      }
      if (list[i].is_object()) {
        check_required(list[i], wrong);
      }
      if (wrong.empty()) {
        add(*values, i, wrong);
      }
      for (RowFault& each : wrong) {
        each.nested.insert(each.nested.begin(), {JsonStep(key_), JsonStep(i)});
        faults_.push_back(std::move(each));
      }
    }
    return std::move(nested_);
  }

 private:
  void check_required(const Json& row, std::vector<RowFault>& wrong) const {
    for (const SharedColumn& column : table_.columns) {
      if (column.is_required && !row.contains(std::string(column.key))) {
        wrong.push_back({"missing-key", "it has no \"" + std::string(column.key) + "\""});
      }
    }
  }

  // Each text of a list is a row, with the same values before it.
  void add(const SharedRowValues& values, std::size_t index, std::vector<RowFault>& wrong) {
    std::vector<Value> row;
    std::vector<Value> texts;
    for (const SharedColumn& column : table_.columns) {
      std::vector<Value> given;
      for (const auto& [each, value] : values.columns) {
        if (each == &column) {
          given.push_back(value);
        }
      }
      if (column.form == ColumnForm::kTexts) {
        texts = std::move(given);
      } else {
        row.push_back(given.empty() ? fallback_of(column) : std::move(given.front()));
      }
    }
    if (!is_first(row, index, wrong)) {
      return;
    }
    if (table_.columns.back().form != ColumnForm::kTexts) {
      if (!nested_.table->position.empty()) {
        row.emplace_back(position_++);
      }
      nested_.rows.push_back(std::move(row));
      return;
    }
    position_ = first_;
    for (Value& text : texts) {
      std::vector<Value> each = row;
      each.push_back(std::move(text));
      each.emplace_back(position_++);
      nested_.rows.push_back(std::move(each));
    }
  }

  bool is_first(const std::vector<Value>& row, std::size_t index, std::vector<RowFault>& wrong) {
    if (table_.identity == 0) {
      return true;
    }
    const auto end = row.begin() + static_cast<std::ptrdiff_t>(table_.identity);
    const auto [found, is_new] = seen_.emplace(std::vector<Value>(row.begin(), end), index);
    if (!is_new) {
      wrong.push_back(
          {"duplicate-row", "the same row as " + key_ + "[" + std::to_string(found->second) + "]"});
    }
    return is_new;
  }

  Database& database_;
  const std::string key_;
  const SharedTable& table_;
  const std::int64_t first_;
  const bool hints_;
  std::vector<RowFault>& faults_;
  NestedRows nested_;
  std::int64_t position_ = 0;
  std::map<std::vector<Value>, std::size_t> seen_;
};

// "pattern, timeout_s, seq", in the order of the values of a row.
std::string column_list(const NestedTable& table) {
  std::string columns;
  for (const SharedColumn& column : table.rows.columns) {
    columns += (columns.empty() ? "" : ", ") + std::string(column.column);
  }
  return table.position.empty() ? columns : columns + ", " + std::string(table.position);
}

Value stored_value(const SharedColumn& column, const database::Query& query, int at) {
  if (column.form == ColumnForm::kReference) {
    const auto id = query.optional_integer(at);
    return id ? Value(*id) : Value();
  }
  return is_number(column) ? Value(query.integer(at)) : Value(std::string(query.text(at)));
}

Result<std::vector<std::vector<Value>>> stored_rows(Database& database, const NestedTable& table,
                                                    std::int64_t id) {
  std::vector<std::vector<Value>> rows;
  DIALTONE_TRY(database.for_each(
      "SELECT " + column_list(table) + " FROM " + std::string(table.rows.name) + " WHERE " +
          std::string(table.parent) + " = ?1",
      [&](const database::Query& query) {
        std::vector<Value>& row = rows.emplace_back();
        int at = 0;
        for (const SharedColumn& column : table.rows.columns) {
          row.push_back(stored_value(column, query, at++));
        }
        if (!table.position.empty()) {
          row.emplace_back(query.integer(at));
        }
      },
      id));
  return rows;
}

}  // namespace

Result<NestedRows> read_nested_rows(Database& database, const SharedColumn& column,
                                    const Json& list, bool hints, std::vector<RowFault>& faults) {
  if (!list.is_array() || list.size() > column.most) {
    const std::string key(column.key);
    faults.push_back({"bad-value",
                      key + ": wants a list of at most " + std::to_string(column.most) +
                          " rows, not " + shown(list),
                      key});
    return NestedRows{column.nested, {}};
  }
  return NestedReader(database, column, hints, faults).run(list);
}

Result<bool> write_nested_rows(Database& database, const NestedRows& nested, std::int64_t id) {
  const NestedTable& table = *nested.table;
  auto stored = stored_rows(database, table, id);
  if (!stored) {
    return stored.error();
  }
  std::vector<std::vector<Value>> wanted = nested.rows;
  std::sort(wanted.begin(), wanted.end());
  std::sort(stored->begin(), stored->end());
  if (wanted == *stored) {
    return false;
  }
  const std::string name(table.rows.name);
  const std::string parent(table.parent);
  DIALTONE_TRY(database.run("DELETE FROM " + name + " WHERE " + parent + " = ?1", id));
  std::string sql =
      "INSERT INTO " + name + " (" + parent + ", " + column_list(table) + ") VALUES (?1";
  const std::size_t values = table.rows.columns.size() + (table.position.empty() ? 0 : 1);
  for (std::size_t i = 0; i < values; ++i) {
    sql += ", ?" + std::to_string(i + 2);
  }
  sql += ")";
  for (const std::vector<Value>& row : nested.rows) {
    std::vector<Value> all{Value(id)};
    all.insert(all.end(), row.begin(), row.end());
    auto query = database.query_all(sql, all);
    if (!query) {
      return query.error();
    }
    DIALTONE_TRY(query->run());
  }
  return true;
}

}  // namespace dialtone::importing
