// SPDX-License-Identifier: Apache-2.0
//
// A database in a folder of its own that goes with it, and short forms of what tests do to one. A
// step that must not fail ends the test program with its error.
#pragma once

#include "control/database/database.h"
#include "control/database/device_keys.h"
#include "control/database/device_store.h"
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

// A copy of one that is made once: making it waits for the disk, a copy does not.
inline std::string new_database(const TempFolder& folder) {
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
    run("PRAGMA synchronous = OFF");
  }

  std::int64_t integer(const std::string& sql) { return must(db_.integer(sql)).value_or(-1); }
  std::string text(const std::string& sql) {
    auto query = must(db_.query(sql));
    return must(query.step()) ? std::string(query.text(0)) : "(no row)";
  }
  void run(const std::string& sql) { must(db_.execute(sql)); }

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
