// SPDX-License-Identifier: Apache-2.0
//
// What has changed since a point of the change log, as a build wants to know it. Triggers write the
// log, so that hand edits with the sqlite3 shell are in it too. Cold; the thread of the Database;
// the caller's transaction, when there is one, makes all reads see one moment.
#pragma once

#include "control/database/database.h"
#include "dataplane/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace dialtone::database {

// Rows of the log, for who traces a change: how many and when, their numbers, and the first few.
struct LoggedSpan {
  static constexpr std::size_t kNamed = 8;
  static constexpr std::size_t kMostRuns = 64;

  struct Row {
    std::string table;
    std::int64_t id = 0;
    std::string operation;
  };
  // Both ends belong to it. Above kMostRuns the last one takes in what is between.
  struct Run {
    std::int64_t first;
    std::int64_t last;
  };

  std::uint64_t rows = 0;
  std::int64_t first_ms = 0;  // Unix time, by the clock of the database
  std::int64_t last_ms = 0;
  std::vector<Run> numbers{};  // of change_log.seq, in the order in which they became final
  std::vector<Row> some{};     // kNamed at most, the oldest

  bool has(std::int64_t number) const noexcept;
  void add(std::int64_t number, std::int64_t at_ms, Row row);
  void append(const LoggedSpan& later);
};

struct ChangeSet {
  std::int64_t last_seq = 0;  // where the next call begins
  bool everything = false;    // all files; `devices` and `gone` may be incomplete
  bool shared = false;        // shared rows have changed: load the campus again
  bool parameters = false;    // all files, if load_parameters() gives others than before
  // Whose files are touched, by their own rows or by shared ones: ascending, unique. A row that
  // leads nowhere, by a hand without foreign keys, may name one that is no more.
  std::vector<std::int64_t> devices;
  std::vector<std::string> named{};   // names of devices whose own rows have changed
  std::vector<std::string> gone;      // names of devices that are no more: deleted, or renamed away
  std::vector<std::string> reused{};  // such names that another device has now
  bool counts_anew = false;           // devices came or went: there may be more or less than before
  // The same of gateways; some may be no more. `all_gateways`: every one is touched.
  std::vector<std::int64_t> gateways{};
  bool all_gateways = false;
  LoggedSpan span{};
};

// `everything` also when the log no longer reaches back to `since`, or never had it.
Result<ChangeSet> read_changes(Database& database, std::int64_t since);

// The rows between two such points.
Result<LoggedSpan> read_span(Database& database, std::int64_t since, std::int64_t last);

// Sequence number of the newest change ever logged, trimmed or not; 0 for none.
Result<std::int64_t> last_change(Database& database);

// Forgets entries that every reader has read.
Result<void> trim_changes(Database& database, std::int64_t up_to);

}  // namespace dialtone::database
