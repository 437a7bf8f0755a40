// SPDX-License-Identifier: Apache-2.0
#include "control/database/postgres/postgres_error.h"

namespace dialtone::database {
namespace {

// Enough to tell statements apart; the whole text would bury the message.
std::string shortened(std::string_view doing) {
  constexpr std::size_t kMost = 80;
  return doing.size() <= kMost ? std::string(doing) : std::string(doing.substr(0, kMost)) + " ...";
}

// libpq's messages have several lines, and end with one.
std::string first_line(std::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
}

}  // namespace

Error unreachable_error(const std::string& name, std::string_view why) {
  return failed("database " + name + " cannot be reached: " + first_line(why) +
                "; dialtone-control tries again by itself");
}

Error postgres_error(const std::string& name, const PGresult* result, std::string_view doing) {
  const char* field = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string_view state = field == nullptr ? "" : field;
  const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  const std::string why = message == nullptr ? first_line(PQresultErrorMessage(result)) : message;
  const std::string where = "database " + name;
  // What a person can do something about; the statement would only be in the way.
  if (state == "55P03" || state == "40001" || state == "40P01") {
    return {ErrorCode::kTimeout,
            where + " is locked by another process; try again when that is done"};
  }
  if (state == "42501" || state == "25006") {
    return {ErrorCode::kPermission, where + " cannot be written: " + why +
                                        "; docs/database.md has the rights that a role needs"};
  }
  if (state.starts_with("53")) {
    return failed(where + ": " + why + "; make room on the server, then try again");
  }
  const bool is_refusal = state.starts_with("23") || state.starts_with("22");
  return {is_refusal ? ErrorCode::kRefused : ErrorCode::kFailed,
          where + ": " + why + ", in: " + shortened(doing)};
}

}  // namespace dialtone::database
