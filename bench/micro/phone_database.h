// SPDX-License-Identifier: Apache-2.0
//
// A database of phones with two lines each, as in the measurements that the design rests on.
#pragma once

#include "control/database/database.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

namespace dialtone::bench {

[[noreturn]] inline void give_up(const Error& error) {
  std::fprintf(stderr, "%s\n", error.text.c_str());
  std::exit(1);
}

template <typename T>
T must(Result<T> result) {
  if (!result) {
    give_up(result.error());
  }
  return *std::move(result);
}

inline void must(const Result<void>& result) {
  if (!result) {
    give_up(result.error());
  }
}

inline void add_phones(database::Database& database, std::int64_t count) {
  const std::string numbers =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
      std::to_string(count) + ") ";
  auto transaction = must(database::Transaction::begin(database));
  must(database.execute(
      "INSERT INTO devices (name, description, owner, model_id) " + numbers +
      "SELECT 'SEP' || (100000000000 + i), 'Phone of user ' || i, 'user' || i, 1 FROM n"));
  for (const char* line : {"1", "2"}) {
    must(
        database.execute("INSERT INTO lines (device_id, idx, dn, label, display, auth_name, "
                         "auth_secret) SELECT id, " +
                         std::string(line) +
                         ", '1' || id, 'Line ' || id, 'User ' || id, 'auth' "
                         "|| id, 'secret of ' || id FROM devices"));
  }
  must(transaction.commit());
}

}  // namespace dialtone::bench
