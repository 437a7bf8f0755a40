// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/control_daemon/generations_fixture.h"

#include <fstream>

namespace dialtone::daemon {
namespace {

TEST_F(GenerationsTest, ARollbackServesTheOlderOneUntilPublish) {
  start_control();
  set_phone("first");
  set_phone("second");
  const std::uint64_t before = generation();
  const api::Json back = ask("rollback");
  EXPECT_EQ(back["changed"], 1);
  EXPECT_EQ(back["publish"]["state"], "published");
  EXPECT_TRUE(serves_label("first"));
  EXPECT_GT(generation(), before);

  set_phone("third");
  EXPECT_TRUE(serves_label("first")) << "a change was published";
  EXPECT_EQ(ask("build")["publish"]["state"], "held");
  EXPECT_NE(warnings().find("'dialtone publish' ends it"), std::string::npos) << warnings();
  EXPECT_EQ(ask("status")["generations"]["rollback"], back["rollback"]);

  const api::Json done = ask("publish");
  EXPECT_EQ(done["publish"]["state"], "published");
  EXPECT_TRUE(serves_label("third"));
  EXPECT_EQ(warnings(), "");
  EXPECT_EQ(ask("publish")["publish"]["state"], "unchanged");
}

TEST_F(GenerationsTest, ARollbackIsInForceAfterARestartOfBoth) {
  start_control();
  set_phone("first");
  set_phone("second");
  ask("rollback");
  service_.reset();
  start_dataplane();
  start_control();
  EXPECT_TRUE(serves_label("first"));
  set_phone("third");
  EXPECT_TRUE(serves_label("first"));
  ask("publish");
  EXPECT_TRUE(serves_label("third"));
  start_control();
  EXPECT_TRUE(serves_label("third"));
  EXPECT_EQ(warnings(), "");
}

TEST_F(GenerationsTest, EachRollbackGoesOneFurtherBackAndANumberAnywhere) {
  start_control();
  for (const char* label : {"first", "second", "third"}) {
    set_phone(label);
  }
  const std::uint64_t newest = ask("generations")["generations"].back()["number"];
  ask("rollback");
  EXPECT_TRUE(serves_label("second"));
  ask("rollback");
  EXPECT_TRUE(serves_label("first"));
  ask("publish", {{"generation", newest}});
  EXPECT_TRUE(serves_label("third"));
  EXPECT_EQ(ask("rollback", {{"generation", 999u}})["error"],
            "generation 999 is not kept; dialtone generations lists those that are");
  EXPECT_TRUE(serves_label("third"));
}

TEST_F(GenerationsTest, TheListSaysWhatAndWhyAndWhichIsServed) {
  start_control();
  set_phone("first");
  set_phone("second");
  ask("rollback");
  const api::Json list = ask("generations")["generations"];
  ASSERT_EQ(list.size(), 4u);
  EXPECT_EQ(list[0]["why"], "full build");
  EXPECT_EQ(list[1]["why"], "database change");
  EXPECT_EQ(list[1]["changed"], 1);
  EXPECT_EQ(list[1]["rollback"], true);
  EXPECT_EQ(list[3]["why"], "rollback to generation " + list[1]["number"].dump());
  EXPECT_EQ(list[3]["served"], true);
  EXPECT_EQ(list[3]["content_digest"], list[1]["content_digest"]);
  EXPECT_EQ(list[2]["served"], false);
  EXPECT_GT(ask("generations")["disk_bytes"], 0);
}

TEST_F(GenerationsTest, DiffNamesTheFiles) {
  start_control();
  set_phone("first");
  set_phone("second");
  folder_.write("assets/new", "n");
  std::filesystem::remove(folder_.file("assets/RingList.xml"));
  run();
  const api::Json list = ask("generations")["generations"];
  const api::Json all = ask("diff", {{"from", list[1]["number"]}});
  EXPECT_EQ(all["differs"], 3);
  EXPECT_EQ(all["added"][0]["name"], "new");
  EXPECT_EQ(all["gone"][0]["name"], "ringlist.xml");
  EXPECT_EQ(all["changed"][0]["name"], kPhone);
  EXPECT_NE(all["changed"][0]["from"]["digest"], all["changed"][0]["to"]["digest"]);
  const api::Json two = ask("diff", {{"from", list[1]["number"]}, {"to", list[2]["number"]}});
  EXPECT_EQ(two["differs"], 1);
  EXPECT_EQ(ask("diff")["differs"], 0) << "what is served is what a build gives";

  auto database = *database::Database::open(options_.database);
  ASSERT_TRUE(database.execute("UPDATE devices SET phone_label = 'next'").ok());
  auto asked = document("diff", api::Json::object());
  const auto next = std::get<Answer>(run_command(*service_, asked)).result;
  EXPECT_EQ(next["with_build"], true);
  EXPECT_EQ(next["changed"][0]["name"], kPhone);
}

TEST_F(GenerationsTest, CheckListsEveryFaultAndPublishesNothing) {
  start_control();
  set_phone("first");
  const std::uint64_t before = generation();
  const api::Json good = ask("check");
  EXPECT_EQ(good["devices"], 1);
  EXPECT_EQ(good["differs"], 0);
  EXPECT_EQ(ask("build", {{"check", true}})["content_digest"], good["content_digest"]);

  auto database = *database::Database::open(options_.database);
  ASSERT_TRUE(database.execute("PRAGMA foreign_keys = OFF").ok());
  ASSERT_TRUE(database.execute("UPDATE devices SET model_id = 9999").ok());
  auto asked = document("check", api::Json::object());
  const auto bad = std::get<Refusal>(run_command(*service_, asked));
  EXPECT_EQ(bad.error.code, ErrorCode::kRefused);
  EXPECT_EQ(bad.faults.size(), 1u);
  EXPECT_EQ(generation(), before);
}

TEST_F(GenerationsTest, AllThatIsKeptIsOfferedAgainUnderARealChange) {
  start_control();
  // A rollback while the dataplane is away is served when it comes.
  set_phone("first");
  set_phone("second");
  dataplane_->server.step();
  const api::Json back = ask("rollback");
  ASSERT_EQ(back["publish"]["state"], "published");
  start_dataplane();
  run(2);
  EXPECT_TRUE(serves_label("first"));
}

}  // namespace
}  // namespace dialtone::daemon
