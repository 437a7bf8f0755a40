// SPDX-License-Identifier: Apache-2.0
#include "control/import/table_import.h"

#include "control/import/shared_row.h"

#include <algorithm>
#include <map>

namespace dialtone::importing {
namespace {

class TableImport {
 public:
  TableImport(database::Database& database, DefaultRow default_row, const FindPlace& find_place,
              FaultList& faults, ImportProgress& progress, ImportReport& report)
      : database_(database),
        default_row_(default_row),
        find_place_(find_place),
        faults_(faults),
        progress_(progress),
        report_(report) {}

  Result<void> run(const SharedTable& table, const Json& rows) {
    if (!rows.is_array()) {
      faults_.add(find_place_({std::string(table.name)}), "bad-value",
                  std::string(table.name) + ": a table is a list of rows: [{...}, ...]");
      return {};
    }
    std::map<std::vector<database::Value>, std::size_t> seen;
    for (std::size_t i = 0; i < rows.size() && !faults_.full(); ++i) {
      DIALTONE_TRY(progress_.note(++report_.rows));
      std::vector<RowFault> wrong;
      const bool is_unset = takes_away(table, rows[i]);
      const auto values =
          read_shared_row(database_, table, is_unset ? without(rows[i], table.unset) : rows[i],
                          faults_.wants_hints(), wrong);
      if (!values) {
        return values.error();
      }
      if (wrong.empty() && has_identity(table, *values, wrong)) {
        std::vector<database::Value> identity;
        for (std::size_t column = 0; column < table.identity; ++column) {
          identity.push_back(values->columns[column].second);
        }
        const auto [first, is_new] = seen.emplace(std::move(identity), i);
        if (!is_new) {
          wrong.push_back({"duplicate-row", "the same row as " + std::string(table.name) + "[" +
                                                std::to_string(first->second) + "]"});
        }
      }
      if (wrong.empty()) {
        DIALTONE_TRY(is_unset ? remove(table, *values) : write(table, *values, wrong));
      }
      for (const RowFault& each : wrong) {
        JsonPath path = {std::string(table.name), i};
        path.insert(path.end(), each.nested.begin(), each.nested.end());
        const std::string row = to_string(path);
        if (!each.key.empty()) {
          path.emplace_back(each.key);
        }
        faults_.add(find_place_(path), each.code, row + ": " + each.text);
      }
    }
    return {};
  }

 private:
  static bool takes_away(const SharedTable& table, const Json& row) {
    const std::string key(table.unset);
    return !key.empty() && row.is_object() && row.contains(key) && row[key].is_null();
  }
  static Json without(Json row, std::string_view key) {
    row.erase(std::string(key));
    return row;
  }

  static bool has_identity(const SharedTable& table, const SharedRowValues& values,
                           std::vector<RowFault>& wrong) {
    for (std::size_t i = 0; i < table.identity; ++i) {
      if (i >= values.columns.size() || values.columns[i].first != &table.columns[i]) {
        wrong.push_back({"missing-key", "it has no \"" + std::string(table.columns[i].key) + "\""});
        return false;
      }
    }
    return true;
  }

  // One that is not there is as it should be.
  Result<void> remove(const SharedTable& table, const SharedRowValues& values) {
    const auto id = find_shared_row(database_, table, values);
    if (!id) {
      return id.error();
    }
    ++(*id ? report_.updated : report_.unchanged);
    return *id ? database_.run("DELETE FROM " + std::string(table.name) + " WHERE id = ?1", **id)
               : Result<void>();
  }

  Result<void> check_written(const SharedTable& table, std::int64_t id,
                             std::vector<RowFault>& wrong) {
    if (table.check_written == nullptr || default_row_ == DefaultRow::kFirst) {
      return {};
    }
    const auto keys = table.check_written(database_, id);
    if (!keys) {
      return keys.error();
    }
    for (const auto& [key, why] : *keys) {
      wrong.push_back({"bad-value", std::string(key) + ": " + why, std::string(key)});
    }
    return {};
  }

  Result<void> write(const SharedTable& table, const SharedRowValues& values,
                     std::vector<RowFault>& wrong) {
    const auto id = find_shared_row(database_, table, values);
    if (!id) {
      return id.error();
    }
    if (id->has_value()) {
      const auto changed = update_shared_row(database_, table, **id, values);
      if (!changed) {
        return changed.error();
      }
      ++(*changed ? report_.updated : report_.unchanged);
      return check_written(table, **id, wrong);
    }
    for (const SharedColumn& column : table.columns) {
      const bool given = std::any_of(values.columns.begin(), values.columns.end(),
                                     [&](const auto& value) { return value.first == &column; });
      if (column.is_required && !given) {
        wrong.push_back({"missing-key", "a new row needs \"" + std::string(column.key) + "\""});
      }
    }
    if (!wrong.empty()) {
      return {};
    }
    const bool is_default =
        default_row_ == DefaultRow::kFirst && table.has_default && !has_default_row_;
    has_default_row_ = true;
    const auto added = insert_shared_row(database_, table, values, is_default ? 1 : 0);
    if (!added) {
      return added.error();
    }
    ++report_.added;
    return check_written(table, *added, wrong);
  }

  database::Database& database_;
  const DefaultRow default_row_;
  const FindPlace& find_place_;
  bool has_default_row_ = false;  // one has been written
  FaultList& faults_;
  ImportProgress& progress_;
  ImportReport& report_;
};

}  // namespace

Result<void> import_table(database::Database& database, const SharedTable& table, const Json& rows,
                          DefaultRow default_row, const FindPlace& find_place, FaultList& faults,
                          ImportProgress& progress, ImportReport& report) {
  return TableImport(database, default_row, find_place, faults, progress, report).run(table, rows);
}

}  // namespace dialtone::importing
