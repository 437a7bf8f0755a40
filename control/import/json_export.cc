// SPDX-License-Identifier: Apache-2.0
#include "control/import/export.h"
#include "control/import/row_json.h"

#include <vector>

namespace dialtone::importing {

Result<Export> export_json(database::Database& database) {
  Export out;
  out.text = "{";
  for (const SharedTable& table : shared_tables()) {
    std::vector<std::int64_t> ids;
    DIALTONE_TRY(
        database.for_each("SELECT id FROM " + std::string(table.name) + " ORDER BY id",
                          [&](const database::Query& row) { ids.push_back(row.integer(0)); }));
    out.text += out.text.size() == 1 ? "\n" : ",\n";
    out.text += "\"" + std::string(table.name) + "\": [";
    for (const std::int64_t id : ids) {
      const auto row = row_json(database, table, id, RowDetail::kWhole);
      if (!row) {
        return row.error();
      }
      out.text += id == ids.front() ? "\n" : ",\n";
      out.text += row->dump(-1, ' ', false, Json::error_handler_t::replace);
      ++out.rows;
    }
    out.text += "]";
  }
  out.text += "\n}\n";
  return out;
}

}  // namespace dialtone::importing
