// SPDX-License-Identifier: Apache-2.0
//
// What a kind of database brings: a connection, prepared statements, and a Dialect for the few
// things that are said differently. sqlite/ and postgres/ each are one. Behind Database and
// Statement, so that the rest of control/ is written once. SQL is that of SQLite where PostgreSQL
// takes it too; parameters are ?1, ?2 ... Functions that PostgreSQL lacks (unixepoch(), glob(),
// json_type(), json_each()) are made in its schema. One thread at a time for each connection.
#pragma once

#include "dataplane/base/result.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace dialtone::database {

class Database;

// One prepared statement; what Statement says of it. The inner loop of a build, so a row is read
// where the client library holds it: one call for each column, no copy.
class BackendStatement {
 public:
  virtual ~BackendStatement() = default;

  // Indices from 1. Texts are copied. What cannot be bound is reported by step().
  virtual void bind_null(int index) = 0;
  virtual void bind_integer(int index, std::int64_t value) = 0;
  virtual void bind_text(int index, std::string_view value) = 0;

  // Not called again once it has given false or an Error, before reset().
  virtual Result<bool> step() = 0;
  virtual void reset() noexcept = 0;  // forgets rows and values

  // Columns from 0.
  virtual std::string_view text(int column) const noexcept = 0;  // empty for NULL
  virtual std::int64_t integer(int column) const noexcept = 0;   // 0 for NULL
  virtual bool is_null(int column) const noexcept = 0;
};

// Texts and steps that differ. One constant for each kind of database.
struct Dialect {
  // Settings of a connection that writes, once the database is known to be ours.
  std::string_view begin_use;
  // Takes the right to write at once, so that nobody can be in between a read and a write.
  std::string_view begin_write;
  // All reads see one moment.
  std::string_view begin_read;
  // Behind a SELECT of devices `d` that are to be changed: what another program commits to them is
  // in what is read, or waits. Empty where begin_write keeps everybody out.
  std::string_view lock_devices;

  // Numbers of changes ascend; all up to `newest_change` can be read. "SELECT number",
  // "SELECT tbl, row_id, old_name, seq, at_ms, op" of the changes behind ?1 up to ?2, "SELECT 1 or
  // 0" whether the log holds all of these, and the removal of those up to ?1.
  std::string_view newest_change;
  std::string_view changes_between;
  std::string_view log_reaches;
  std::string_view trim_changes;

  // 0 for a database without tables. Another program's is refused.
  Result<std::int64_t> (*schema_version)(Database& database);
  // In the transaction of an upgrade: what must be there before the first table, and behind the
  // last row.
  Result<void> (*begin_schema)(Database& database, std::int64_t from);
  Result<void> (*end_schema)(Database& database, std::int64_t version);
  // A schema_N.sql as this database takes it.
  std::string (*tables)(std::string_view schema);
  // All triggers that the database has, before a schema step, which would trip over those that name
  // what it alters; and those of change_tables().
  Result<void> (*drop_triggers)(Database& database);
  Result<void> (*create_triggers)(Database& database);

  // Lets connections to the database at `location` begin to read at one moment.
  Result<void> (*read_together)(const std::string& location,
                                std::span<const std::unique_ptr<Database>> connections);
};

enum class Access { kWrite, kRead };

class Backend {
 public:
  virtual ~Backend() = default;

  virtual const Dialect& dialect() const noexcept = 0;
  // For messages: the path of a file, the place of a server; never a password.
  virtual const std::string& name() const noexcept = 0;

  virtual Result<void> execute(const std::string& sql) = 0;
  virtual Result<std::unique_ptr<BackendStatement>> prepare(std::string_view sql) = 0;
  virtual std::int64_t changed_rows() const noexcept = 0;
  virtual bool in_transaction() const noexcept = 0;

  // What Database says of them.
  virtual bool in_place() const noexcept = 0;
  virtual Result<std::int64_t> data_version() = 0;
  virtual int wake_fd() const noexcept { return -1; }
  virtual bool take_news() noexcept { return false; }
  virtual bool has_news() const noexcept { return false; }
  virtual void hurry() noexcept {}
  virtual std::chrono::milliseconds look_every() const noexcept { return kCheapLook; }

 private:
  // A look costs about a microsecond (generator facts, section 3).
  static constexpr std::chrono::milliseconds kCheapLook{100};
};

}  // namespace dialtone::database
