// SPDX-License-Identifier: Apache-2.0
//
// The Service's database: whether it is there, is ours, and has changed.
#include "control/daemon/service.h"
#include "control/database/empty_file.h"
#include "control/database/schema.h"
#include "dataplane/program/log.h"

#include <filesystem>

namespace dialtone::daemon {
namespace {

using database::is_server;

// A newer program has brought it to a schema of its own under us: what we write may be wrong there.
// One that cannot be read now is read with the next look.
Result<void> check_schema_of(database::Database& database) {
  const auto version = database::schema_version(database);
  if (!version) {
    return version.error().code == ErrorCode::kRefused ? version.error() : Result<void>();
  }
  return *version == database::kSchemaVersion
             ? Result<void>()
             : refused("database " + database.name() + " was brought to schema " +
                       std::to_string(*version) +
                       " while it was in use; start dialtone-control again, which brings it to " +
                       std::to_string(database::kSchemaVersion));
}

}  // namespace

// SQLite would make a new one of it, whose build takes every phone's file away. nullptr: it does
// not.
const char* Service::lost_file() const {
  if (builder_->image().version() == 0 || database::is_server(options_.database)) {
    return nullptr;
  }
  std::error_code error;
  return !std::filesystem::exists(options_.database, error) ? " is gone"
         : database::is_empty_file(options_.database)       ? " is empty"
                                                            : nullptr;
}

Result<void> Service::open_database() {
  if (!waits_for_database()) {
    return {};
  }
  if (const char* fault = lost_file()) {
    return refused("the database " + options_.database + fault +
                   "; put it back (to begin with an empty one, stop dialtone-control and remove "
                   "the folder " +
                   options_.generations + ")");
  }
  auto database = database::Database::open(options_.database);
  if (!database) {
    return database.error();
  }
  database_ = std::make_unique<database::Database>(*std::move(database));
  return builder_->open_database(*database_);
}

Result<void> Service::check_server_schema() const {
  return is_server(options_.database) ? check_schema_of(*database_) : Result<void>();
}

Result<void> Service::check_database_file() const {
  if (database_ == nullptr) {
    return {};
  }
  if (database_->in_place()) {
    // Of a server this is a round trip: check_server_schema().
    return is_server(options_.database) ? Result<void>() : check_schema_of(*database_);
  }
  const std::string& path = database_->name();
  const auto saved = database_->data_version();
  if (saved && database_->in_place()) {
    spdlog::warn(
        "the log {}-wal was removed while it was in use; what was in it is saved in the database, "
        "and a new one is begun; nothing may remove files beside a database that is open",
        path);
    return {};
  }
  return refused("the database file " + path +
                 ", or its -wal, was moved or replaced while it was in use" +
                 (saved ? std::string() : " (" + saved.error().text + ")") +
                 "; stop dialtone-control, put the right file there without the old " + path +
                 "-wal and " + path + "-shm beside it, and start again");
}

void Service::look_at_database(Clock::time_point now) {
  if (options_.database.empty() || now < next_look_) {
    return;
  }
  if (waits_for_database()) {
    const std::string before = database_error_;
    next_look_ = now + kRetry;
    if (!build_all() && database_error_ != before) {
      spdlog::error("{}; the last good state is served on", database_error_);
    }
    return;
  }
  next_look_ = now + database_->look_every();
  if (!check_database_file()) {
    return;
  }
  const auto version = database_->data_version();
  // The reply to an import says what was built of it: what it commits is built when it has ended.
  // Asked behind the version, which may have its commit in it already.
  if (const auto run = import(); run != nullptr && run->progress.commits()) {
    return;
  }
  if (!version) {
    // A file is locked for a moment; the next look sees it.
    if (is_server(options_.database)) {
      database_is_gone(version.error());
    }
    return;
  }
  const bool is_back = !gone_error_.empty();
  if (is_back) {
    spdlog::info("database {} is back", database_->name());
    gone_error_.clear();
  }
  if (*version == data_version_ && database_error_.empty() && !is_back) {
    return;
  }
  if (const auto schema = check_server_schema(); !schema) {
    if (database_error_ != schema.error().text) {
      spdlog::error("{}; the last good state is served on", schema.error().text);
    }
    database_error_ = schema.error().text;
    next_look_ = now + kRetry;
    return;
  }
  data_version_ = *version;
  if (!follow_database()) {
    next_look_ = now + kRetry;
  }
}

void Service::database_is_gone(const Error& why) {
  if (gone_error_.empty()) {
    spdlog::error("{}; the last good state is served on", why.text);
  }
  gone_error_ = why.text;
}

}  // namespace dialtone::daemon
