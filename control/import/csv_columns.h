// SPDX-License-Identifier: Apache-2.0
//
// From the header of a CSV to keys of a device: keys themselves, in any case; columns that the
// caller maps; headers of a Cisco BAT export. Pure, any thread.
#pragma once

#include "control/import/csv_reader.h"
#include "control/import/fault_list.h"

#include <map>
#include <string>
#include <vector>

namespace dialtone::importing {

struct CsvColumns {
  std::vector<std::string> keys;     // of each column, "" for one to ignore
  std::vector<std::string> ignored;  // those of a BAT export that have no place here, as spelled
};

// Unknown columns, and two columns for one key (but for "name", of which the first that is filled
// counts), are faults. `header` is the reader's first row.
CsvColumns read_columns(CsvReader& reader, const CsvRow& header,
                        const std::map<std::string, std::string>& mapped, FaultList& faults);

}  // namespace dialtone::importing
