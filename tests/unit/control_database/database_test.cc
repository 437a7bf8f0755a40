// SPDX-License-Identifier: Apache-2.0
#include "control/database/database.h"

#include "tests/unit/control_database/temp_database.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <sys/stat.h>

#include <fstream>

namespace dialtone::database {
namespace {

using test::must;

class DatabaseTest : public test::TempDatabase {};
class SqliteDatabase : public DatabaseTest {};

TEST_F(SqliteDatabase, IsPrivateToItsOwner) {
  run("UPDATE cm_nodes SET address = 'x'");
  for (const char* ending : {"", "-wal", "-shm"}) {
    struct stat status {};
    ASSERT_EQ(::stat((path_ + ending).c_str(), &status), 0) << ending;
    EXPECT_EQ(status.st_mode & 0777, 0600u) << ending;
  }
  EXPECT_EQ(text("PRAGMA journal_mode"), "wal");
}

TEST_F(DatabaseTest, OpensAgainAsItWas) {
  run("UPDATE cm_nodes SET address = '10.0.0.1'");
  auto again = must(Database::open(path_));
  EXPECT_EQ(must(again.integer("SELECT count(*) FROM cm_nodes WHERE address = '10.0.0.1'")), 1);
}

// Else the file alone is not all that was written.
TEST_F(SqliteDatabase, LeavesNoLogBehindWhenItCloses) {
  const std::string path = folder_.file("other.db");
  {
    auto database = must(Database::open(path));
    must(database.execute("UPDATE cm_nodes SET address = 'x'"));
    must(database.data_version());
    EXPECT_TRUE(std::filesystem::exists(path + "-wal"));
  }
  EXPECT_FALSE(std::filesystem::exists(path + "-wal"));
}

// What was committed to it would be lost with the next start.
TEST_F(SqliteDatabase, SavesALogThatWasRemoved) {
  run("UPDATE cm_nodes SET address = '10.0.0.1'");
  ASSERT_TRUE(db_.in_place());
  std::filesystem::remove(path_ + "-wal");
  std::filesystem::remove(path_ + "-shm");
  run("UPDATE cm_nodes SET address = '10.0.0.2'");
  EXPECT_FALSE(db_.in_place());
  must(db_.data_version());
  EXPECT_TRUE(db_.in_place());
  {
    auto other = must(Database::open(path_));
    EXPECT_EQ(must(other.integer("SELECT count(*) FROM cm_nodes WHERE address = '10.0.0.2'")), 1);
    must(other.execute("UPDATE cm_nodes SET address = '10.0.0.3'"));
  }
  EXPECT_EQ(text("SELECT address FROM cm_nodes"), "10.0.0.3");
  run("UPDATE cm_nodes SET address = '10.0.0.4'");
  EXPECT_EQ(text("PRAGMA journal_mode"), "wal");
  EXPECT_TRUE(std::filesystem::exists(path_ + "-wal"));
  EXPECT_TRUE(db_.in_place());
}

TEST_F(SqliteDatabase, DoesNotMixALogWithOneThatTookItsPlace) {
  run("UPDATE cm_nodes SET address = '10.0.0.1'");
  ASSERT_TRUE(db_.in_place());
  std::filesystem::remove(path_ + "-wal");
  std::ofstream(path_ + "-wal") << "what another process wrote";
  must(db_.data_version());
  EXPECT_FALSE(db_.in_place());
}

TEST_F(SqliteDatabase, RefusesANewerSchema) {
  run("PRAGMA user_version = 7");
  for (const auto& again : {Database::open(path_), Database::open_reader(path_)}) {
    ASSERT_FALSE(again.ok());
    EXPECT_EQ(again.error().code, ErrorCode::kRefused);
    EXPECT_NE(
        again.error().text.find(
            path_ + " was made by a newer version of Dialtone (schema 7, this program knows 5)"),
        std::string::npos)
        << again.error().text;
  }
}

TEST_F(SqliteDatabase, RefusesWhatIsNoDatabaseAndLeavesItAlone) {
  const std::string path = folder_.file("notes.txt");
  const std::string content(5000, 'x');
  std::ofstream(path) << content;
  const auto opened = Database::open(path);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kRefused);
  EXPECT_EQ(opened.error().text, "database " + path + " is no SQLite database");
  std::ifstream file(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), content);
}

TEST_F(SqliteDatabase, RefusesAnotherProgramsDatabase) {
  run("PRAGMA application_id = 1");
  const auto opened = Database::open(path_);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().text, "database " + path_ + " belongs to another program");
}

TEST_F(SqliteDatabase, SaysWhereAFileCannotBeMade) {
  const auto opened = Database::open("/nowhere/phones.db");
  ASSERT_FALSE(opened.ok());
  EXPECT_NE(opened.error().text.find("/nowhere/phones.db: No such file"), std::string::npos);
}

TEST_F(SqliteDatabase, WhatAPersonCanMendIsSaidWithoutTheStatement) {
  run("PRAGMA max_page_count = 1");  // all there is
  const auto full = db_.execute("UPDATE models SET name = number || hex(zeroblob(9999))");
  ASSERT_FALSE(full.ok());
  EXPECT_EQ(full.error().text,
            "database " + path_ + ": the disk is full; make room, then try again");
}

TEST_F(SqliteDatabase, RefusesWhatIsNoFile) {
  const std::string fifo = folder_.file("fifo");
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  for (const std::string& path : {fifo, folder_.file("."), std::string("/dev/null")}) {
    for (const auto& opened : {Database::open(path), Database::open_reader(path)}) {
      ASSERT_FALSE(opened.ok()) << path;
      EXPECT_EQ(opened.error().code, ErrorCode::kRefused);
      EXPECT_EQ(opened.error().text,
                "the database " + path +
                    " is no regular file; name one, or a path where dialtone-control can make it");
    }
  }
}

TEST_F(SqliteDatabase, AReaderCannotWriteAndNeedsAFile) {
  auto reader = must(Database::open_reader(path_));
  const auto written = reader.execute("DELETE FROM cm_nodes");
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().code, ErrorCode::kPermission);
  EXPECT_EQ(written.error().text,
            "database " + path_ +
                " cannot be written: attempt to write a readonly database; let the user of "
                "dialtone-control write the file and its folder");
  EXPECT_FALSE(Database::open_reader(folder_.file("none.db")).ok());
  EXPECT_FALSE(std::filesystem::exists(folder_.file("none.db")));
}

TEST_F(DatabaseTest, ATransactionRollsBackUnlessCommitted) {
  {
    const auto transaction = must(Transaction::begin(db_));
    run("UPDATE cm_nodes SET address = 'lost'");
  }
  EXPECT_EQ(text("SELECT address FROM cm_nodes"), "cm");
  auto transaction = must(Transaction::begin(db_));
  run("UPDATE cm_nodes SET address = 'kept'");
  must(transaction.commit());
  EXPECT_EQ(text("SELECT address FROM cm_nodes"), "kept");
  EXPECT_FALSE(db_.in_transaction());
}

TEST_F(DatabaseTest, ALockOfAnotherConnectionIsATimeout) {
  auto other = must(Database::open(path_));
  const auto lock = must(Transaction::begin(other));
  run(test::postgres_server() == nullptr ? "PRAGMA busy_timeout = 1" : "SET lock_timeout = 1");
  const auto blocked = Transaction::begin(db_);
  ASSERT_FALSE(blocked.ok());
  EXPECT_EQ(blocked.error().code, ErrorCode::kTimeout);
  EXPECT_EQ(blocked.error().text, "database " + db_.name() +
                                      " is locked by another process; try again when that is done");
}

TEST_F(SqliteDatabase, DataVersionMovesWithOthersCommitsOnly) {
  const std::int64_t before = must(db_.data_version());
  run("UPDATE cm_nodes SET address = 'own'");
  EXPECT_EQ(must(db_.data_version()), before);
  auto other = must(Database::open(path_));
  EXPECT_EQ(must(db_.data_version()), before);
  must(other.execute("UPDATE cm_nodes SET address = 'other'"));
  EXPECT_NE(must(db_.data_version()), before);
}

TEST_F(SqliteDatabase, AWriteOfAnotherIsNoticedAndAnOwnOneIsNot) {
  const auto idle = db_.look_every();
  must(db_.data_version());
  auto transaction = must(Transaction::begin(db_));
  run("UPDATE cm_nodes SET address = 'own'");
  must(transaction.commit());
  EXPECT_FALSE(db_.take_news());
  auto other = must(Database::open(path_));
  must(other.execute("UPDATE cm_nodes SET address = 'other'"));
  pollfd news{db_.wake_fd(), POLLIN, 0};
  EXPECT_EQ(::poll(&news, 1, 5000), 1);
  EXPECT_TRUE(db_.take_news());
  EXPECT_LT(db_.look_every(), idle);  // it may be written and not to be seen yet
  must(db_.data_version());
  EXPECT_EQ(db_.look_every(), idle);
  EXPECT_FALSE(db_.take_news());
}

TEST_F(DatabaseTest, AFinishedStatementStaysFinished) {
  auto statement = must(db_.prepare("SELECT name FROM cm_nodes WHERE id = ?1"));
  statement.start(1);
  EXPECT_TRUE(must(statement.step()));
  EXPECT_EQ(statement.text(0), "cm");
  EXPECT_FALSE(must(statement.step()));
  EXPECT_FALSE(must(statement.step()));
  statement.start(1);
  EXPECT_TRUE(must(statement.step()));
}

TEST_F(SqliteDatabase, ValuesComeBackAsTheyWent) {
  const std::string zero("a\0b", 3);
  auto query = must(db_.query("SELECT ?1, ?2, ?3, ?4", zero, std::string_view(),
                              std::optional<std::int64_t>(), std::int64_t{-5}));
  ASSERT_TRUE(must(query.step()));
  EXPECT_EQ(query.text(0), zero);
  EXPECT_EQ(query.text(1), "");
  EXPECT_EQ(query.optional_integer(2), std::nullopt);
  EXPECT_EQ(query.optional_integer(3), -5);
}

TEST_F(DatabaseTest, AQueryGivesUpItsReadWhenItGoes) {
  { EXPECT_TRUE(must(must(db_.query("SELECT id FROM models")).step())); }
  auto other = must(Database::open(path_));
  must(other.execute("UPDATE cm_nodes SET address = 'new'"));
  // A read that was still open would see the old moment.
  EXPECT_EQ(text("SELECT address FROM cm_nodes"), "new");
}

TEST_F(DatabaseTest, AConstraintIsARefusalWithTheStatement) {
  const auto deleted = db_.execute("DELETE FROM device_pools");
  EXPECT_TRUE(deleted.ok());
  const auto group = db_.execute("DELETE FROM cm_nodes");
  ASSERT_FALSE(group.ok());
  EXPECT_EQ(group.error().code, ErrorCode::kRefused);
  const std::string& text = group.error().text;
  EXPECT_TRUE(text.starts_with("database " + db_.name() + ": ")) << text;
  EXPECT_TRUE(text.ends_with(", in: DELETE FROM cm_nodes")) << text;
}

}  // namespace
}  // namespace dialtone::database
