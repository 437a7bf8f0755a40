// SPDX-License-Identifier: Apache-2.0
//
// What has changed since a point of the change log, as a build wants to know it. Triggers write the
// log, so that hand edits with the sqlite3 shell are in it too. Cold; the thread of the Database;
// the caller's transaction, when there is one, makes all reads see one moment.
#pragma once

#include "control/database/database.h"
#include "dataplane/base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace dialtone::database {

struct ChangeSet {
  std::int64_t last_seq = 0;  // where the next call begins
  bool everything = false;    // all files; `devices` and `gone` may be incomplete
  bool shared = false;        // shared rows have changed: load the campus again
  // Whose files are touched, by their own rows or by shared ones: ascending, unique, existing.
  std::vector<std::int64_t> devices;
  std::vector<std::string> gone;  // names of devices that are no more: deleted, or renamed away
};

// `everything` also when the log no longer reaches back to `since`, or never had it.
Result<ChangeSet> read_changes(Database& database, std::int64_t since);

// Sequence number of the newest change ever logged, trimmed or not; 0 for none.
Result<std::int64_t> last_change(Database& database);

// Forgets entries that every reader has read.
Result<void> trim_changes(Database& database, std::int64_t up_to);

}  // namespace dialtone::database
