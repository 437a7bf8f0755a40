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

// The key of each column, "" for one to ignore. Unknown columns, and two columns for one key (but
// for "name", of which the first that is filled counts), are faults.
std::vector<std::string> column_keys(const CsvRow& header,
                                     const std::map<std::string, std::string>& mapped,
                                     FaultList& faults);

}  // namespace dialtone::importing
