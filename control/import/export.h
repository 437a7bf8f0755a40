// SPDX-License-Identifier: Apache-2.0
//
// The way back of import_json() and import_csv(): the whole database in two files that they take.
// An empty database that gets both has the same rows, and gives the same files byte for byte; only
// ids differ, which stand in no file. Cold; the thread of the Database, with a Transaction around
// both calls where they are to be of one moment.
#pragma once

#include "control/database/database.h"
#include "dataplane/base/result.h"

#include <cstddef>
#include <string>
#include <vector>

namespace dialtone::importing {

struct Export {
  std::string text;
  std::size_t rows = 0;
  std::vector<std::string> warnings;  // what is left out, since no import would take it
};

// All shared rows, a line each, with every key.
Result<Export> export_json(database::Database& database);

// All devices, a line each in order of id; columns are the keys that any of them has. Tags of
// vendorConfig keep their order: where two devices have them in different ones, a column "vendor"
// has all tags of one.
Result<Export> export_csv(database::Database& database);

}  // namespace dialtone::importing
