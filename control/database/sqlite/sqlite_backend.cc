// SPDX-License-Identifier: Apache-2.0
#include "control/database/sqlite/sqlite_backend.h"

#include "control/database/sqlite/sqlite_statement.h"
#include "control/database/sqlite/wal_place.h"
#include "control/database/sqlite/wal_watch.h"
#include "dataplane/base/unique_fd.h"

#include <fcntl.h>

#include <sys/stat.h>

#include <cerrno>

namespace dialtone::database {
namespace {

constexpr int kBusyMs = 2000;

// Once somebody writes, what he writes can be seen when it is on the disk: so long, and so often,
// it is looked for.
constexpr std::chrono::milliseconds kEager{200};
constexpr std::chrono::milliseconds kEagerLook{1};

// SQLite would make it for everyone to read; the -wal and -shm files take its mode.
Result<void> make_private_file(const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.valid() && errno != EEXIST) {
    return errno_error("making the database " + path, errno);
  }
  return {};
}

// SQLite would say "Illegal seek" of a pipe, and of a folder no more.
Result<void> check_is_file(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    return refused("the database " + path +
                   " is no regular file; name one, or a path where dialtone-control can make it");
  }
  return {};
}

struct CloseConnection {
  void operator()(sqlite3* connection) const noexcept { sqlite3_close(connection); }
};

class SqliteBackend final : public Backend {
 public:
  SqliteBackend(std::string path, sqlite3* connection)
      : path_(std::move(path)), log_path_(path_ + "-wal"), connection_(connection) {
    struct stat status {};
    if (::stat(path_.c_str(), &status) == 0) {
      device_ = status.st_dev;
      inode_ = status.st_ino;
    }
  }

  const Dialect& dialect() const noexcept override { return kSqliteDialect; }
  const std::string& name() const noexcept override { return path_; }

  Result<void> execute(const std::string& sql) override {
    const bool was_open = in_transaction();
    const int code = sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (was_open && !in_transaction()) {
      writes_.take();  // a commit of our own is no news
    }
    return code == SQLITE_OK ? Result<void>() : sqlite_error(connection_.get(), code, sql);
  }

  Result<std::unique_ptr<BackendStatement>> prepare(std::string_view sql) override {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) {
      return sqlite_error(connection_.get(), code, sql);
    }
    return std::unique_ptr<BackendStatement>(new SqliteStatement(statement));
  }

  std::int64_t changed_rows() const noexcept override {
    return sqlite3_changes64(connection_.get());
  }
  bool in_transaction() const noexcept override {
    return sqlite3_get_autocommit(connection_.get()) == 0;
  }

  bool in_place() const noexcept override {
    return is_file_in_place() && wal_.look(log_path_) == WalPlace::State::kThere;
  }

  Result<std::int64_t> data_version() override {
    if (wal_.look(log_path_) == WalPlace::State::kGone && is_file_in_place() && !in_transaction()) {
      DIALTONE_TRY(save_log());
    }
    writes_.begin(log_path_);
    if (data_version_ == nullptr) {
      auto prepared = prepare("PRAGMA data_version");
      if (!prepared) {
        return prepared.error();
      }
      data_version_ = *std::move(prepared);
    }
    const auto row = data_version_->step();
    const std::int64_t version = row.ok() && *row ? data_version_->integer(0) : 0;
    data_version_->reset();
    if (version != last_version_) {
      last_version_ = version;
      eager_until_ = {};
    }
    return row ? Result<std::int64_t>(version) : row.error();
  }

  int wake_fd() const noexcept override { return writes_.fd(); }
  bool take_news() noexcept override {
    const bool any = writes_.take();
    eager_until_ = any ? Clock::now() + kEager : eager_until_;
    return any;
  }
  std::chrono::milliseconds look_every() const noexcept override {
    return Clock::now() < eager_until_ ? kEagerLook : Backend::look_every();
  }

 private:
  using Clock = std::chrono::steady_clock;

  bool is_file_in_place() const noexcept {
    struct stat status {};
    return ::stat(path_.c_str(), &status) == 0 && status.st_dev == device_ &&
           status.st_ino == inode_;
  }

  // The connection still has the log that was removed, by its descriptor, and with it what was
  // committed last. Leaving the mode "wal" closes it, which needs the database for us alone; the
  // next one has a name.
  Result<void> save_log() {
    sqlite3_busy_timeout(connection_.get(), 0);
    Result<void> saved;
    for (const char* step : {"PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA journal_mode = DELETE",
                             "PRAGMA journal_mode = WAL"}) {
      saved = saved ? execute(step) : saved;
    }
    sqlite3_busy_timeout(connection_.get(), kBusyMs);
    if (saved) {
      wal_.forget();
    }
    return saved;
  }

  std::string path_;
  std::string log_path_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  std::unique_ptr<sqlite3, CloseConnection> connection_;
  // Behind the connection, which does not close before it is finalised.
  std::unique_ptr<BackendStatement> data_version_;
  std::int64_t last_version_ = 0;
  WalWatch writes_;
  mutable WalPlace wal_;  // it learns which one is the connection's as it looks
  Clock::time_point eager_until_;
};

}  // namespace

Result<std::unique_ptr<Backend>> open_sqlite(const std::string& path, Access access) {
  if (access == Access::kWrite) {
    DIALTONE_TRY(make_private_file(path));
  }
  DIALTONE_TRY(check_is_file(path));
  sqlite3* connection = nullptr;
  const int mode = access == Access::kWrite ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
  const int code = sqlite3_open_v2(path.c_str(), &connection,
                                   mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  auto backend = std::make_unique<SqliteBackend>(path, connection);
  if (code != SQLITE_OK) {
    Error error = sqlite_error(connection, code, "opening " + path);
    const int number = connection == nullptr ? 0 : sqlite3_system_errno(connection);
    return number == 0 ? error : errno_error("opening the database " + path, number);
  }
  sqlite3_busy_timeout(connection, kBusyMs);
  DIALTONE_TRY(backend->execute("PRAGMA foreign_keys = ON"));
  return std::unique_ptr<Backend>(std::move(backend));
}

}  // namespace dialtone::database
