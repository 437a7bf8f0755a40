// SPDX-License-Identifier: Apache-2.0
#include "control/database/snapshot.h"

#include "control/database/change_log.h"
#include "tests/unit/control_database/temp_database.h"

#include <gtest/gtest.h>

#include <stop_token>
#include <string>
#include <thread>

namespace dialtone::database {
namespace {

using test::must;

class SnapshotTest : public test::TempDatabase {
 protected:
  void add_phones(int count) {
    auto transaction = must(Transaction::begin(db_));
    for (int i = 1; i <= count; ++i) {
      write(device("SEP0011223344" + std::to_string(i + 10)));
    }
    must(transaction.commit());
  }
};

TEST_F(SnapshotTest, DoesNotSeeALaterWrite) {
  add_phones(20);
  auto snapshot = must(Snapshot::take(path_, 3));
  EXPECT_EQ(snapshot->last_change(), must(last_change(db_)));
  run("UPDATE devices SET owner = 'late'; DELETE FROM devices WHERE id > 10");
  const std::string late = "SELECT count(*) FROM devices WHERE owner = 'late'";
  const auto check = [&](Database& database) {
    EXPECT_EQ(must(database.integer(late)), 0);
    EXPECT_EQ(must(database.integer("SELECT count(*) FROM devices")), 20);
  };
  check(snapshot->database());
  Snapshot::Lease first(*snapshot), second(*snapshot), third(*snapshot);
  for (Database* database : {&*first, &*second, &*third}) {
    check(*database);
  }
  EXPECT_EQ(integer(late), 10);
}

TEST_F(SnapshotTest, LeavesNoLockBehind) {
  const auto snapshot = must(Snapshot::take(path_, 2));
  sqlite("PRAGMA busy_timeout = 1");
  EXPECT_TRUE(Transaction::begin(db_).ok());
}

// An import holds it for seconds.
TEST_F(SnapshotTest, NeedsNoLock) {
  add_phones(20);
  sqlite("PRAGMA busy_timeout = 1");
  const auto import = Transaction::begin(db_);
  ASSERT_TRUE(import.ok());
  run("DELETE FROM devices WHERE id > 10");
  auto snapshot = must(Snapshot::take(path_, 2));
  EXPECT_EQ(must(snapshot->database().integer("SELECT count(*) FROM devices")), 20);
}

TEST_F(SnapshotTest, IsOfOneMomentWhileAnotherCommits) {
  add_phones(1);
  std::jthread writer([&](const std::stop_token& end) {
    Database other = must(Database::open(path_));
    if (test::postgres_server() == nullptr) {
      must(other.execute("PRAGMA synchronous = OFF"));
    }
    for (int i = 0; !end.stop_requested(); ++i) {
      must(other.execute("UPDATE devices SET owner = '" + std::to_string(i) + "'"));
    }
  });
  const auto owner = [](Database& database) {
    auto query = must(database.query("SELECT owner FROM devices"));
    EXPECT_TRUE(must(query.step()));
    return std::string(query.text(0));
  };
  for (int i = 0; i < 10; ++i) {
    auto snapshot = must(Snapshot::take(path_, 3));
    Snapshot::Lease first(*snapshot), second(*snapshot), third(*snapshot);
    const std::string seen = owner(snapshot->database());
    for (Database* database : {&*first, &*second, &*third}) {
      EXPECT_EQ(owner(*database), seen);
    }
  }
}

}  // namespace
}  // namespace dialtone::database
