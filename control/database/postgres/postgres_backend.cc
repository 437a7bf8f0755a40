// SPDX-License-Identifier: Apache-2.0
#include "control/database/postgres/postgres_backend.h"

#include "control/database/postgres/postgres_connection.h"
#include "control/database/postgres/postgres_statement.h"

namespace dialtone::database {
namespace {

// Notices tell of changes at once; this is for those that are lost.
constexpr std::chrono::milliseconds kLook{1000};

class PostgresBackend final : public Backend {
 public:
  explicit PostgresBackend(std::unique_ptr<PostgresConnection> connection)
      : connection_(std::move(connection)),
        data_version_(*connection_, kPostgresDialect.newest_change, ignored_) {}

  const Dialect& dialect() const noexcept override { return kPostgresDialect; }
  const std::string& name() const noexcept override { return connection_->name(); }

  Result<void> execute(const std::string& sql) override {
    const auto result = connection_->execute(sql);
    return result ? Result<void>() : result.error();
  }

  Result<std::unique_ptr<BackendStatement>> prepare(std::string_view sql) override {
    return std::unique_ptr<BackendStatement>(
        std::make_unique<PostgresStatement>(*connection_, sql, changed_));
  }

  std::int64_t changed_rows() const noexcept override { return changed_; }
  bool in_transaction() const noexcept override { return connection_->in_transaction(); }

  bool in_place() const noexcept override { return true; }

  Result<std::int64_t> data_version() override {
    data_version_.reset();
    const auto row = data_version_.step();
    if (!row) {
      return row.error();
    }
    return data_version_.integer(0);
  }

  int wake_fd() const noexcept override { return connection_->fd(); }
  bool take_news() noexcept override { return connection_->take_news(); }
  bool has_news() const noexcept override { return connection_->has_news(); }
  void hurry() noexcept override { connection_->hurry(); }
  std::chrono::milliseconds look_every() const noexcept override { return kLook; }

 private:
  std::unique_ptr<PostgresConnection> connection_;
  std::int64_t changed_ = 0;
  std::int64_t ignored_ = 0;
  PostgresStatement data_version_;
};

}  // namespace

Result<std::unique_ptr<Backend>> open_postgres(const std::string& location, Access access) {
  auto connection = PostgresConnection::open(location, access);
  if (!connection) {
    return connection.error();
  }
  return std::unique_ptr<Backend>(std::make_unique<PostgresBackend>(*std::move(connection)));
}

}  // namespace dialtone::database
