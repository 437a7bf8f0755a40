// SPDX-License-Identifier: Apache-2.0
//
// A session with a PostgreSQL server that comes back by itself: when the server is gone, each use
// fails at once, and every so often one of them tries to connect again (1 s after the loss, then
// twice as long each time, at most 15 s, but at most 1 s behind hurry(); a try takes at most two
// seconds where the server's host does not answer). A transaction that was open is lost: nothing
// works until it is rolled back, so that its second half cannot be committed alone. One thread.
#pragma once

#include "control/database/backend.h"
#include "dataplane/base/result.h"

#include <libpq-fe.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace dialtone::database {

// What is notified, without a payload, when something was written to change_log.
inline constexpr const char* kChangeChannel = "dialtone_changes";

struct ClearResult {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using PostgresResult = std::unique_ptr<PGresult, ClearResult>;

class PostgresConnection {
 public:
  static Result<std::unique_ptr<PostgresConnection>> open(const std::string& location,
                                                          Access access);

  const std::string& name() const noexcept { return name_; }

  // Connects again when that is due; an Error when there is no session.
  Result<void> ensure();
  // Somebody waits: the next try is due a second after the last one.
  void hurry() noexcept { next_try_ = std::min(next_try_, last_try_ + kFirstPause); }
  // Another one after each loss: what was prepared before is gone.
  std::uint64_t session() const noexcept { return session_; }
  PGconn* get() const noexcept { return connection_.get(); }

  // Of any command that was sent: its rows, or what is wrong with it in a person's words.
  Result<PostgresResult> check(PGresult* result, std::string_view doing);

  // One or more statements; the result is that of the last.
  Result<PostgresResult> execute(const std::string& sql);

  bool in_transaction() const noexcept { return in_transaction_; }
  std::string next_statement_name() { return "d" + std::to_string(++statements_); }

  // To be polled for reading; -1: there is no session.
  int fd() const noexcept;
  // Others have written since the last call.
  bool take_news() noexcept;
  bool has_news() const noexcept { return news_; }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kFirstPause{1};
  struct Finish {
    void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
  };

  explicit PostgresConnection(Access access) noexcept : access_(access) {}
  Result<void> begin_session();
  Error gone();
  void drain() noexcept;

  std::unique_ptr<PGconn, Finish> connection_;
  const Access access_;
  std::string name_;
  std::uint64_t session_ = 0;
  std::uint64_t statements_ = 0;
  bool in_transaction_ = false;
  bool news_ = false;
  bool lost_ = false;
  std::string why_lost_;
  Clock::time_point last_try_;  // or the loss
  Clock::time_point next_try_;
  Clock::duration pause_{};
};

}  // namespace dialtone::database
