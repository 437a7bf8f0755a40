// SPDX-License-Identifier: Apache-2.0
#include "control/import/replace.h"

#include "control/import/csv_import.h"
#include "control/import/json_import.h"
#include "control/import/shared_tables.h"

#include <iterator>

namespace dialtone::importing {

Result<ImportReport> replace_all(database::Database& database, const Exported& exported,
                                 Diagnostics& faults) {
  DIALTONE_TRY(database.run("DELETE FROM devices"));
  const auto& tables = shared_tables();
  for (auto at = std::rbegin(tables); at != std::rend(tables); ++at) {
    const SharedTable& table = *at;
    DIALTONE_TRY(database.run("DELETE FROM " + std::string(table.name)));
  }
  FaultList json_faults(exported.json_name, faults);
  ImportProgress progress;
  auto report =
      import_json_rows(database, exported.json, DefaultRow::kFirst, json_faults, progress);
  json_faults.close();
  if (!report || json_faults.count() != 0) {
    return report;  // devices would only be found to refer to nothing
  }
  CsvOptions options;
  options.file = exported.csv_name;
  options.is_restore = true;
  FaultList csv_faults(exported.csv_name, faults);
  const auto devices = import_csv_rows(database, exported.csv, options, csv_faults, progress);
  csv_faults.close();
  if (!devices) {
    return devices;
  }
  report->rows += devices->rows;
  report->added += devices->added;
  return report;
}

}  // namespace dialtone::importing
