// SPDX-License-Identifier: Apache-2.0
//
// Several read connections that see one moment of the database, for a build. A long-lived one keeps
// SQLite's log from shrinking, and PostgreSQL's old rows from being vacuumed: take it, build, drop
// it.
#pragma once

#include "control/database/database.h"
#include "dataplane/base/result.h"

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace dialtone::database {

class Snapshot {
 public:
  // kTimeout when another process holds the write lock for longer than two seconds. The calling
  // thread must not hold it either: no Transaction may be open.
  static Result<std::unique_ptr<Snapshot>> take(const std::string& location, int readers);

  // For one thread, beside the readers.
  Database& database() noexcept { return *connections_.front(); }

  // Newest entry of the change log in this moment.
  std::int64_t last_change() const noexcept { return last_change_; }

  // One of the readers, for one thread until the lease goes. Waits for one to be free. Any thread.
  class Lease {
   public:
    explicit Lease(Snapshot& snapshot) : snapshot_(snapshot), database_(snapshot.lend()) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() { snapshot_.take_back(database_); }
    Database& operator*() const noexcept { return *database_; }

   private:
    Snapshot& snapshot_;
    Database* database_;
  };

 private:
  Snapshot() = default;
  Database* lend();
  void take_back(Database* database);

  std::vector<std::unique_ptr<Database>> connections_;  // the first is that of database()
  std::int64_t last_change_ = 0;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<Database*> free_;
};

}  // namespace dialtone::database
