// SPDX-License-Identifier: Apache-2.0
#include "control/database/postgres/postgres_connection.h"

#include "control/database/postgres/postgres_error.h"

#include <algorithm>

namespace dialtone::database {
namespace {

using std::chrono::seconds;

constexpr seconds kLongestPause{15};

// "PostgreSQL phones at db1:5432": all that tells it from another one.
std::string name_of(const PGconn* connection) {
  const auto text = [](const char* value) { return std::string(value == nullptr ? "" : value); };
  return "PostgreSQL " + text(PQdb(connection)) + " at " + text(PQhost(connection)) + ":" +
         text(PQport(connection));
}

// Settings that the location may override: those before it do not count then. A server whose host
// has gone without a word is given up after some seconds.
PGconn* connect(const std::string& location) {
  const char* const keywords[] = {
      "connect_timeout",  "keepalives_idle",  "keepalives_interval",
      "keepalives_count", "tcp_user_timeout", "fallback_application_name",
      "dbname",           "client_encoding",  nullptr};
  const char* const values[] = {
      "2", "5", "2", "2", "6000", "dialtone-control", location.c_str(), "UTF8", nullptr};
  return PQconnectdbParams(keywords, values, 1);
}

}  // namespace

Result<std::unique_ptr<PostgresConnection>> PostgresConnection::open(const std::string& location,
                                                                     Access access) {
  std::unique_ptr<PostgresConnection> made(new PostgresConnection(access));
  made->connection_.reset(connect(location));
  if (made->connection_ == nullptr) {
    return failed("no memory for a connection to PostgreSQL");
  }
  made->name_ = name_of(made->get());
  if (PQstatus(made->get()) != CONNECTION_OK) {
    return unreachable_error(made->name_, PQerrorMessage(made->get()));
  }
  DIALTONE_TRY(made->begin_session());
  return made;
}

Result<void> PostgresConnection::begin_session() {
  PQsetNoticeProcessor(
      get(), [](void*, const char*) {}, nullptr);
  ++session_;
  lost_ = false;
  in_transaction_ = false;
  // A wait for a lock of another session ends as one of SQLite's does.
  std::string sql = "SET lock_timeout = '2s'; SET standard_conforming_strings = on; ";
  sql += access_ == Access::kRead ? "SET default_transaction_read_only = on"
                                  : std::string("LISTEN ") + kChangeChannel;
  auto result = check(PQexec(get(), sql.c_str()), sql);
  return result ? Result<void>() : result.error();
}

Error PostgresConnection::gone() {
  return unreachable_error(name_, why_lost_);
}

Result<void> PostgresConnection::ensure() {
  if (!lost_ && PQstatus(get()) == CONNECTION_OK) {
    return {};
  }
  const Clock::time_point now = Clock::now();
  if (!lost_) {  // seen by no command
    lost_ = true;
    why_lost_ = PQerrorMessage(get());
    pause_ = kFirstPause;
    last_try_ = now;
    next_try_ = now;
  }
  if (in_transaction_ || now < next_try_) {
    return gone();
  }
  PQreset(get());
  if (PQstatus(get()) == CONNECTION_OK) {
    if (begin_session()) {
      news_ = true;  // whatever was written meanwhile
      return {};
    }
    lost_ = true;
  }
  why_lost_ = PQerrorMessage(get());
  last_try_ = Clock::now();
  next_try_ = last_try_ + pause_;
  pause_ = std::min<Clock::duration>(pause_ * 2, kLongestPause);
  return gone();
}

Result<PostgresResult> PostgresConnection::check(PGresult* raw, std::string_view doing) {
  PostgresResult result(raw);
  drain();
  if (PQstatus(get()) != CONNECTION_OK) {
    // A transaction stays open in name, until it is rolled back.
    lost_ = true;
    why_lost_ = PQerrorMessage(get());
    pause_ = kFirstPause;
    last_try_ = Clock::now();
    next_try_ = last_try_ + kFirstPause;
    return gone();
  }
  in_transaction_ = PQtransactionStatus(get()) != PQTRANS_IDLE;
  switch (PQresultStatus(raw)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY:
      return result;
    default:
      return postgres_error(name_, raw, doing);
  }
}

Result<PostgresResult> PostgresConnection::execute(const std::string& sql) {
  if (sql == "ROLLBACK" && (lost_ || PQstatus(get()) != CONNECTION_OK)) {
    in_transaction_ = false;  // the server has done it
    return PostgresResult();
  }
  DIALTONE_TRY(ensure());
  auto result = check(PQexec(get(), sql.c_str()), sql);
  // The answer to a COMMIT behind a statement that failed.
  if (result.ok() && sql == "COMMIT" &&
      std::string_view(PQcmdStatus(result->get())) == "ROLLBACK") {
    return failed("database " + name_ + ": the transaction had failed and was rolled back");
  }
  return result;
}

int PostgresConnection::fd() const noexcept {
  return lost_ || PQstatus(get()) != CONNECTION_OK ? -1 : PQsocket(get());
}

bool PostgresConnection::take_news() noexcept {
  if (!lost_) {
    PQconsumeInput(get());  // a loss is seen by the next command
    drain();
  }
  return std::exchange(news_, false);
}

void PostgresConnection::drain() noexcept {
  while (PGnotify* notice = PQnotifies(get())) {
    news_ = news_ || notice->be_pid != PQbackendPID(get());
    PQfreemem(notice);
  }
}

}  // namespace dialtone::database
