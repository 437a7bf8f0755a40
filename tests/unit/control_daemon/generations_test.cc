// SPDX-License-Identifier: Apache-2.0
//
// What a control that starts anew serves, and when: generations that outlive the process.
#include "tests/unit/control_daemon/generations_fixture.h"

#include <fstream>

namespace dialtone::daemon {
namespace {

namespace fs = std::filesystem;

TEST_F(GenerationsTest, TheLastOneIsServedWhenTheDatabaseIsGone) {
  start_control();
  set_phone("first");
  service_.reset();
  fs::rename(options_.database, options_.database + ".away");
  start_dataplane();
  start_control();
  EXPECT_TRUE(serves_label("first"));
  EXPECT_EQ(served("ringlist.xml"), "rings");
  EXPECT_FALSE(fs::exists(options_.database)) << "an empty one was made";
  EXPECT_NE(warnings().find("phones.db is gone; put it back"), std::string::npos) << warnings();
  EXPECT_TRUE(ask("status")["devices"].is_null());
  EXPECT_NE(ask("device ls")["error"].get<std::string>().find("is gone"), std::string::npos);

  fs::rename(options_.database + ".away", options_.database);
  run(7);
  EXPECT_EQ(warnings(), "");
  EXPECT_EQ(ask("status")["devices"], 1);
  set_phone("second");
  EXPECT_TRUE(serves_label("second"));
}

TEST_F(GenerationsTest, TheLastOneIsServedWhenTheDatabaseIsNoneAnyMore) {
  start_control();
  set_phone("first");
  service_.reset();
  std::ofstream(options_.database, std::ios::trunc) << std::string(8192, 'x');
  start_dataplane();
  start_control();
  EXPECT_TRUE(serves_label("first"));
  EXPECT_NE(warnings().find("phones.db"), std::string::npos) << warnings();
}

// SQLite takes a file without a byte for a new database.
TEST_F(GenerationsTest, TheLastOneIsServedWhenTheDatabaseIsEmptyAllOfASudden) {
  start_control();
  set_phone("first");
  service_.reset();
  for (const char* end : {"-wal", "-shm"}) {
    fs::remove(options_.database + end);
  }
  std::ofstream(options_.database, std::ios::trunc).close();
  start_dataplane();
  start_control();
  EXPECT_TRUE(serves_label("first"));
  EXPECT_EQ(fs::file_size(options_.database), 0u) << "an empty one was made";
  EXPECT_NE(warnings().find("phones.db is empty; put it back"), std::string::npos) << warnings();
}

// In a young one everything is still in its -wal file.
TEST_F(GenerationsTest, TheLastOneIsServedWhenTheDatabaseWasCopiedWithoutItsLog) {
  start_control();
  set_phone("first");
  fs::copy_file(options_.database, folder_.file("copy.db"));
  service_.reset();
  for (const char* end : {"-wal", "-shm"}) {
    fs::remove(options_.database + end);
  }
  fs::rename(folder_.file("copy.db"), options_.database);
  start_dataplane();
  start_control();
  EXPECT_TRUE(serves_label("first"));
  EXPECT_NE(warnings().find("phones.db is empty; put it back"), std::string::npos) << warnings();
}

TEST_F(GenerationsTest, ARestartThatBuildsTheSamePublishesNothing) {
  start_control();
  set_phone("first");
  const std::uint64_t before = generation();
  start_control();
  EXPECT_EQ(generation(), before);
  EXPECT_EQ(ask("status")["last_build"]["files"], 0);
  EXPECT_EQ(warnings(), "");
}

TEST_F(GenerationsTest, WhatHasChangedMeanwhileIsADeltaOverTheLastOne) {
  start_control();
  set_phone("first");
  for (int i = 0; i < 40; ++i) {
    folder_.write("assets/ring" + std::to_string(i), "ring");
  }
  run();
  ASSERT_TRUE(service_->build_all().ok());
  run();
  const auto base = dataplane_->store.current()->view.manifest().base.id;
  service_.reset();
  {
    auto database = *database::Database::open(options_.database);
    ASSERT_TRUE(database.execute("UPDATE devices SET phone_label = 'second'").ok());
  }
  start_control();
  EXPECT_TRUE(serves_label("second"));
  EXPECT_EQ(ask("status")["last_build"]["files"], 1);
  EXPECT_EQ(dataplane_->store.current()->view.manifest().base.id, base);
}

TEST_F(GenerationsTest, NumbersDoNotRunBackwards) {
  start_control();
  set_phone("first");
  set_phone("second");
  const std::uint64_t before = generation();
  service_.reset();
  start_dataplane();
  start_control();
  EXPECT_GT(generation(), before);
}

TEST_F(GenerationsTest, ADamagedOneIsNamedAndTheOneBeforeIsServed) {
  start_control();
  set_phone("first");
  set_phone("second");
  const std::uint64_t last = ask("generations")["generations"].back()["number"];
  service_.reset();
  fs::remove(options_.database);
  const std::string name = generations::file_name(last);
  fs::resize_file(options_.generations + "/" + name, 100);
  start_dataplane();
  start_control();
  EXPECT_TRUE(serves_label("first"));
  EXPECT_NE(warnings().find(name + ": its 100 bytes are no generation"), std::string::npos)
      << warnings();
}

TEST_F(GenerationsTest, AFolderThatCannotBeMadeIsAWarning) {
  folder_.write("file", "");
  options_.generations = folder_.file("file/below");
  start_control();
  set_phone("first");
  EXPECT_TRUE(serves_label("first"));
  EXPECT_NE(warnings().find("no generation is kept on disk"), std::string::npos) << warnings();
  EXPECT_NE(ask("rollback")["error"].get<std::string>().find("no generations are kept"),
            std::string::npos);
}

// A row has the time of its change, and the phone's file too: equal rows are copied ones.
TEST_F(GenerationsTest, EqualInputsGiveAnEqualDigestOnAnotherMachine) {
  start_control();
  set_phone("first");
  const api::Json here = ask("status")["content_digest"];
  service_.reset();
  fs::create_directory(folder_.file("other"));
  fs::copy_file(options_.database, folder_.file("other/there.db"));
  options_.database = folder_.file("other/there.db");
  options_.generations = folder_.file("other/generations");
  options_.threads = 2;
  start_dataplane();
  start_control();
  EXPECT_EQ(ask("status")["content_digest"], here);
  EXPECT_EQ(ask("build")["publish"]["state"], "unchanged");
}

}  // namespace
}  // namespace dialtone::daemon
