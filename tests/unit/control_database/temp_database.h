// SPDX-License-Identifier: Apache-2.0
//
// A database of a test's own that goes with it, and short forms of what tests do to one. A step
// that must not fail ends the test program with its error. Each program runs twice: with a SQLite
// file in a folder, and, by tests/support/postgres.py, with a database of a PostgreSQL server.
// Tests of one kind alone have a fixture of their own, whose name begins with it; meson.build
// leaves it out of the other run.
#pragma once

#include "control/database/database.h"
#include "control/database/device_keys.h"
#include "control/database/device_store.h"
#include "control/database/postgres/postgres_backend.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <utility>

namespace dialtone::test {

// The value, or the end of the test with the error.
template <typename T>
T must(Result<T> result) {
  if (!result) {
    ADD_FAILURE() << result.error().text;
    std::abort();
  }
  return *std::move(result);
}

inline void must(const Result<void>& result) {
  if (!result) {
    ADD_FAILURE() << result.error().text;
    std::abort();
  }
}

// "host=... dbname=postgres" of the server; null: SQLite.
inline const char* postgres_server() {
  return std::getenv("DIALTONE_TEST_POSTGRES");
}

// Runs a statement of the server's administrator.
inline void administer(const std::string& sql) {
  must(must(database::open_postgres(postgres_server(), database::Access::kWrite))->execute(sql));
}

inline std::string postgres_database(const std::string& name) {
  return std::string(postgres_server()) + " dbname=" + name;
}

// A copy of one that is made once.
inline std::string new_postgres_database() {
  static const bool first = [] {
    administer("CREATE DATABASE first");
    must(database::Database::open(postgres_database("first")));
    return true;
  }();
  static int number = 0;
  const std::string name = "test" + std::to_string(++number);
  administer("CREATE DATABASE " + name + (first ? " TEMPLATE first" : ""));
  return postgres_database(name);
}

// A copy of one that is made once: making it waits for the disk, a copy does not.
inline std::string new_database(const TempFolder& folder) {
  if (postgres_server() != nullptr) {
    return new_postgres_database();
  }
  static const TempFolder first_folder;
  static const std::string first = [] {
    const std::string path = first_folder.file("new.db");
    must(database::Database::open(path));
    return path;
  }();
  const std::string path = folder.file("phones.db");
  std::filesystem::copy_file(first, path);
  return path;
}

class TempDatabase : public ::testing::Test {
 protected:
  TempDatabase() : path_(new_database(folder_)), db_(must(database::Database::open(path_))) {
    sqlite("PRAGMA synchronous = OFF");
  }
  ~TempDatabase() override {
    if (postgres_server() != nullptr) {
      administer("DROP DATABASE " + path_.substr(path_.rfind('=') + 1) + " WITH (FORCE)");
    }
  }

  std::int64_t integer(const std::string& sql) { return must(db_.integer(sql)).value_or(-1); }
  std::string text(const std::string& sql) {
    auto query = must(db_.query(sql));
    return must(query.step()) ? std::string(query.text(0)) : "(no row)";
  }
  // The first column of all rows: "a,b".
  std::string joined(const std::string& sql) {
    std::string all;
    must(db_.for_each(sql, [&](const database::Query& row) {
      all.append(all.empty() ? "" : ",").append(row.text(0));
    }));
    return all;
  }
  void run(const std::string& sql) { must(db_.execute(sql)); }
  void sqlite(const std::string& sql) {
    if (postgres_server() == nullptr) {
      run(sql);
    }
  }
  // As a hand that has switched references and triggers of the schema off.
  void run_without_references(const std::string& sql) {
    if (postgres_server() == nullptr) {
      run("PRAGMA foreign_keys = OFF; " + sql);
    } else {
      run("SET session_replication_role = replica; " + sql +
          "; SET session_replication_role = origin");
    }
  }

  using Keys = std::initializer_list<std::pair<const char*, const char*>>;
  static database::Device device(const std::string& name, Keys keys = {}) {
    database::Device device;
    must(set_key(device, "name", name));
    must(set_key(device, "model", "Cisco 8841"));
    must(set_key(device, "line1.dn", "1001"));
    for (const auto& [key, value] : keys) {
      must(set_key(device, key, value));
    }
    return device;
  }
  database::DeviceStore::WriteOutcome write(const database::Device& device) {
    return must(database::DeviceStore(db_).write(device));
  }

  TempFolder folder_;
  std::string path_;
  database::Database db_;
};

}  // namespace dialtone::test
