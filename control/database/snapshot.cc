// SPDX-License-Identifier: Apache-2.0
#include "control/database/snapshot.h"

#include "control/database/change_log.h"

#include <algorithm>

namespace dialtone::database {

Result<std::unique_ptr<Snapshot>> Snapshot::take(const std::string& location, int readers) {
  std::unique_ptr<Snapshot> snapshot(new Snapshot);
  for (int i = 0; i < 1 + std::max(readers, 1); ++i) {
    auto connection = Database::open_reader(location);
    if (!connection) {
      return connection.error();
    }
    snapshot->connections_.push_back(std::make_unique<Database>(*std::move(connection)));
  }
  Database& first = snapshot->database();
  DIALTONE_TRY(first.dialect().read_together(location, snapshot->connections_));
  const auto last = dialtone::database::last_change(first);
  if (!last) {
    return last.error();
  }
  snapshot->last_change_ = *last;
  for (std::size_t i = 1; i < snapshot->connections_.size(); ++i) {
    snapshot->free_.push_back(snapshot->connections_[i].get());
  }
  return snapshot;
}

Database* Snapshot::lend() {
  std::unique_lock lock(mutex_);
  freed_.wait(lock, [&] { return !free_.empty(); });
  Database* const database = free_.back();
  free_.pop_back();
  return database;
}

void Snapshot::take_back(Database* database) {
  {
    const std::lock_guard lock(mutex_);
    free_.push_back(database);
  }
  freed_.notify_one();
}

}  // namespace dialtone::database
