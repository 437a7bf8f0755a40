// SPDX-License-Identifier: Apache-2.0
#include "control/import/csv_import.h"

#include "control/database/device_keys.h"
#include "control/database/device_name.h"
#include "control/database/device_store.h"
#include "control/database/many_rows.h"
#include "control/database/text_rules.h"
#include "control/import/csv_columns.h"
#include "control/import/csv_reader.h"
#include "control/import/import_all.h"

#include <algorithm>
#include <cstddef>
#include <unordered_map>
#include <utility>

namespace dialtone::importing {
namespace {

using database::Device;
using database::DeviceStore;

class CsvImport {
 public:
  CsvImport(database::Database& database, std::string_view text, const CsvOptions& options,
            FaultList& faults, ImportProgress& progress)
      : store_(database),
        options_(options),
        faults_(faults),
        reader_(text, faults),
        progress_(progress),
        lines_of_text_(static_cast<std::size_t>(std::ranges::count(text, '\n'))) {
    if (options.is_restore) {
      store_.restore();
    }
  }

  // An Error is one of the database; what is wrong with the file are faults.
  Result<ImportReport> run() {
    const auto header = reader_.next();
    if (!header) {
      if (faults_.count() == 0) {
        faults_.add(1, "missing-name", "the file is empty; its first line names the columns");
      }
      return report_;
    }
    const std::size_t faults_before = faults_.count();
    CsvColumns columns = read_columns(reader_, *header, options_.column_keys, faults_);
    keys_ = std::move(columns.keys);
    report_.ignored = std::move(columns.ignored);
    is_whole_ = faults_.count() == faults_before;
    progress_.begin(lines_of_text_);
    std::vector<NamedRow> rows;
    std::size_t faults_read = faults_.count();
    while (auto row = reader_.next()) {
      ++report_.rows;
      std::string name = name_of(*row);
      rows.push_back({*std::move(row), std::move(name)});
      // A row's own faults go before those of the rows behind it: the list may be full then.
      if (rows.size() == kRowsAtATime || faults_.count() != faults_read) {
        DIALTONE_TRY(import_rows(rows));
        rows.clear();
        faults_read = faults_.count();
      }
    }
    DIALTONE_TRY(import_rows(rows));
    return report_;
  }

 private:
  // Read, checked and written together: with a server, each statement is a round trip.
  static constexpr std::size_t kRowsAtATime = database::kRowsAtOnce;

  struct NamedRow {
    CsvRow row;
    std::string name;  // empty: it has none, and its fault
  };

  struct TypedName {
    std::string_view text;  // empty: there is none
    std::size_t column = 0;
  };

  // The first name of the row, as the file has it.
  TypedName typed_name(const CsvRow& row) const {
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      if (keys_[i] == "name" && !database::trimmed(row.fields[i]).empty()) {
        return {database::trimmed(row.fields[i]), i};
      }
    }
    return {};
  }

  // The name of the row's device; empty, with a fault, when it has none or it was there before.
  std::string name_of(const CsvRow& row) {
    const auto [typed, column] = typed_name(row);
    if (typed.empty()) {
      faults_.add(place_of(row, "name"), "missing-name", "this row names no device");
      return {};
    }
    auto name = database::device_name(typed);
    if (!name) {
      faults_.add(reader_.place(row, column), "bad-value", "name: " + name.error().text);
      return {};
    }
    const auto [first, is_new] = lines_.emplace(*name, row.line);
    if (!is_new) {
      faults_.add(reader_.place(row, column), "dup-mac",
                  *name + " is in line " + std::to_string(first->second) + " already");
      return {};
    }
    return *std::move(name);
  }

  // Of the field of a key, or of another one of its line, button or module ("line3.dn" is missing
  // where there is a "line3.label"), or of the column of the whole group ("vendor"); of the row,
  // where no column has it.
  TextPlace place_of(const CsvRow& row, const std::string& key) {
    const std::string group = key.substr(0, key.find('.'));
    auto found = std::find(keys_.begin(), keys_.end(), key);
    if (found == keys_.end()) {
      found = std::find_if(keys_.begin(), keys_.end(), [&](const std::string& each) {
        return each == group || each.starts_with(group + ".");
      });
    }
    return key.empty() || found == keys_.end()
               ? TextPlace{row.line, 0}
               : reader_.place(row, static_cast<std::size_t>(found - keys_.begin()));
  }

  Result<void> import_rows(const std::vector<NamedRow>& rows) {
    std::vector<std::string> names;
    for (const NamedRow& each : rows) {
      if (!each.name.empty()) {
        names.push_back(each.name);
      }
    }
    const auto stored = store_.read(names);
    if (!stored) {
      return stored.error();
    }
    for (const NamedRow& each : rows) {
      const auto found = stored->find(each.name);
      DIALTONE_TRY(
          import_row(each.row, each.name, found == stored->end() ? nullptr : &found->second));
    }
    DIALTONE_TRY(progress_.note(rows.empty() ? lines_of_text_ : rows.back().row.line));
    return store_.flush();
  }

  Result<void> import_row(const CsvRow& row, const std::string& name,
                          const database::StoredDevice* stored) {
    Device device = stored == nullptr ? Device{} : stored->device;
    device.name = name;
    const std::size_t faults_before = faults_.count();
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      if (keys_[i].empty() || keys_[i] == "name") {
        continue;
      }
      if (const auto set = database::set_key(device, keys_[i], row.fields[i]); !set) {
        faults_.add(reader_.place(row, i), "bad-value", set.error().text);
      }
    }
    // ld<mac> names a file that a model of two protocols has under one alone, as for `device add`.
    if (stored == nullptr && !name.empty()) {
      DIALTONE_TRY(database::set_key(device, "name", typed_name(row).text));
    }
    // What is missing here, or could not be set, would only make more faults out of one.
    const bool is_whole = is_whole_ && !name.empty() && faults_.count() == faults_before;
    return is_whole ? write(row, stored, device) : Result<void>();
  }

  Result<void> write(const CsvRow& row, const database::StoredDevice* stored,
                     const Device& device) {
    std::vector<database::Fault> wrong;
    store_.give_hints(faults_.wants_hints());
    const auto outcome = store_.put(stored, device, &wrong);
    for (database::Fault& each : wrong) {
      faults_.add(place_of(row, each.key), std::move(each.code), each.text);
    }
    if (!wrong.empty()) {
      return {};
    }
    if (!outcome) {
      return outcome.error();
    }
    report_.added += *outcome == DeviceStore::WriteOutcome::kAdded;
    report_.updated += *outcome == DeviceStore::WriteOutcome::kUpdated;
    report_.unchanged += *outcome == DeviceStore::WriteOutcome::kUnchanged;
    return {};
  }

  DeviceStore store_;
  const CsvOptions& options_;
  FaultList& faults_;
  CsvReader reader_;
  ImportProgress& progress_;
  const std::size_t lines_of_text_;
  std::vector<std::string> keys_;  // by column
  bool is_whole_ = true;           // every column has its key
  std::unordered_map<std::string, std::uint32_t> lines_;
  ImportReport report_;
};

}  // namespace

Result<ImportReport> import_csv(database::Database& database, std::string_view text,
                                const CsvOptions& options, Diagnostics& faults) {
  ImportProgress progress;
  return import_csv(database, text, options, faults, progress);
}

Result<ImportReport> import_csv(database::Database& database, std::string_view text,
                                const CsvOptions& options, Diagnostics& faults,
                                ImportProgress& progress) {
  FaultList list(options.file, faults);
  return import_all(database, options.file, options.check, list, progress,
                    [&] { return import_csv_rows(database, text, options, list, progress); });
}

Result<ImportReport> import_csv_rows(database::Database& database, std::string_view text,
                                     const CsvOptions& options, FaultList& faults,
                                     ImportProgress& progress) {
  return CsvImport(database, text, options, faults, progress).run();
}

}  // namespace dialtone::importing
