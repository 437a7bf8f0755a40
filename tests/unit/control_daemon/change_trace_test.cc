// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/change_trace.h"

#include <gtest/gtest.h>

namespace dialtone::daemon {
namespace {

std::uint64_t hash_of(const std::string& name) {
  return abi::event_name_hash(name);
}

class ChangeTraceTest : public testing::Test {
 protected:
  // A change of one row, number `row`, that has changed `file`; the version of the image is `row`.
  std::string add(std::int64_t row, const std::string& file, std::size_t files = 1) {
    build::BuildTrace what;
    what.rows.add(row, 1000, {"devices", 7, "update"});
    what.changed = {hash_of(file)};
    what.files = {file};
    build::BuildReport report;
    report.files = files;
    return trace_.add(
        std::move(what), report,
        {"database change", static_cast<std::uint64_t>(row), false, 1'002'000, 1'003'000});
  }
  void publish(std::uint64_t version, std::uint64_t generation) {
    trace_.publish({version, generation, 1'004'000, 1'005'000, 90});
  }
  void see(const std::string& file, std::uint64_t generation, std::int64_t at,
           ChangeTrace::Answered answered = ChangeTrace::Answered::kData) {
    abi::Event event{};
    event.kind = abi::EventKind::kRequest;
    event.name_hash = hash_of(file);
    event.generation = generation;
    trace_.see(event, at, answered);
  }
  std::int64_t served(const std::string& id) { return trace_.find(id)->time(ChangeStep::kServed); }

  ChangeTrace trace_;
};

TEST_F(ChangeTraceTest, AChangeThatIsServedIsToldOnceWithItsEarliestRequest) {
  std::vector<std::int64_t> told;
  trace_.after_served(
      [&](const TracedChange& change) { told.push_back(change.time(ChangeStep::kServed)); });
  add(5, "a.xml");
  publish(5, 2);
  see("a.xml", 2, 1'007'000);
  see("a.xml", 2, 1'006'000);
  trace_.settle(0);
  see("a.xml", 2, 1'005'900);
  trace_.settle(0);
  EXPECT_EQ(told, std::vector<std::int64_t>{1'006'000});
}

TEST_F(ChangeTraceTest, TheFirstRequestInItsGenerationIsTheLastStep) {
  EXPECT_EQ(add(5, "a.xml"), "5");
  see("a.xml", 1, 1'004'500);  // not published yet
  publish(5, 2);
  see("a.xml", 1, 1'005'500);  // by a worker that had the old one
  see("b.xml", 2, 1'005'600);
  trace_.settle(0);
  EXPECT_EQ(served("5"), 0);
  see("a.xml", 2, 1'007'000);
  see("a.xml", 3, 1'006'000);  // of another worker, and earlier
  trace_.settle(0);
  see("a.xml", 3, 1'005'900);
  trace_.settle(0);
  EXPECT_EQ(served("last"), 1'006'000);
  const TracedChange& change = *trace_.find("5");
  EXPECT_EQ(change.at, (std::array<std::int64_t, kChangeSteps>{1'000'000, 1'002'000, 1'003'000,
                                                               1'004'000, 1'005'000, 1'006'000}));
  EXPECT_FALSE(trace_.is_watching());
}

TEST_F(ChangeTraceTest, AFileThatIsGoneIsServedByNotFound) {
  build::BuildTrace what;
  what.gone = {hash_of("a.xml")};
  build::BuildReport report;
  report.files = 1;
  EXPECT_EQ(trace_.add(std::move(what), report, {"asset folder", 3, false, 1, 2}), "f1");
  publish(3, 4);
  see("a.xml", 4, 10);
  trace_.settle(0);
  EXPECT_EQ(served("f1"), 0) << "data of a file that is gone is another change's";
  see("a.xml", 4, 11, ChangeTrace::Answered::kNotFound);
  trace_.settle(0);
  EXPECT_EQ(served("f1"), 11);
}

TEST_F(ChangeTraceTest, ARowFindsTheBurstThatItWasTakenWith) {
  build::BuildTrace what;
  for (const std::int64_t row : {10, 11, 12, 20}) {
    what.rows.add(row, 1000 + row, {"lines", row, "insert"});
  }
  build::BuildReport report;
  report.files = 2;
  trace_.add(std::move(what), report, {"database change", 9, false, 1, 2});
  for (const char* row : {"10", "12", "20"}) {
    ASSERT_NE(trace_.find(row), nullptr) << row;
    EXPECT_EQ(trace_.find(row)->id, "20");
  }
  EXPECT_EQ(trace_.find("15"), nullptr);
  EXPECT_EQ(trace_.find("20x"), nullptr);
  EXPECT_EQ(trace_.find("20")->what.rows.rows, 4U);
  EXPECT_EQ(trace_.find("20")->what.rows.last_ms, 1020);
}

TEST_F(ChangeTraceTest, SeveralOfOneGeneration) {
  add(1, "a.xml");
  add(2, "b.xml");
  add(3, "c.xml");
  publish(2, 7);
  EXPECT_EQ(trace_.find("1")->generation, 7U);
  EXPECT_EQ(trace_.find("2")->generation, 7U);
  EXPECT_EQ(trace_.find("3")->generation, 0U);
  publish(3, 8);
  EXPECT_EQ(trace_.find("1")->generation, 7U);
  EXPECT_EQ(trace_.find("3")->generation, 8U);
  EXPECT_EQ(trace_.last_change_of(hash_of("b.xml"))->generation, 7U);
  EXPECT_FALSE(trace_.last_change_of(hash_of("z.xml")));
}

TEST_F(ChangeTraceTest, AFailedBuildIsKeptUntilItIsMended) {
  database::LoggedSpan rows;
  rows.add(4, 1000, {"devices", 7, "update"});
  trace_.add_failed(rows, "no room", 500);
  trace_.add_failed(rows, "no room", 600);
  EXPECT_EQ(trace_.find("last")->failure, "no room");
  EXPECT_EQ(trace_.find("4")->builds, 2U);
  add(4, "a.xml");
  EXPECT_EQ(trace_.all().size(), 1U);
  EXPECT_EQ(trace_.find("4")->builds, 3U);
  EXPECT_EQ(trace_.find("4")->failure, "");
  EXPECT_EQ(trace_.find("4")->time(ChangeStep::kNoticed), 500);
}

TEST_F(ChangeTraceTest, RowsThatChangeNoFileEndWithTheBuild) {
  add(6, "a.xml", 0);
  EXPECT_EQ(trace_.find("6")->version, 0U);
  EXPECT_FALSE(trace_.is_watching());
  build::BuildReport nothing;
  EXPECT_EQ(trace_.add({}, nothing, {}), "");
}

TEST_F(ChangeTraceTest, WhatIsRememberedIsBounded) {
  for (std::int64_t row = 1; row <= 300; ++row) {
    add(row, "a" + std::to_string(row));
  }
  EXPECT_EQ(trace_.all().size(), ChangeTrace::kMost);
  EXPECT_EQ(trace_.find("44"), nullptr);
  publish(300, 2);
  see("a1", 2, 9);  // forgotten
  see("a45", 2, 9);
  trace_.settle(0);
  EXPECT_EQ(served("45"), 9);
  build::BuildTrace large;
  large.changed.resize(ChangeTrace::kMostWatched);
  build::BuildReport report;
  report.files = large.changed.size();
  trace_.add(std::move(large), report, {"asset folder", 301, false, 1, 2});
  see("a300", 2, 9);
  trace_.settle(0);
  EXPECT_EQ(served("300"), 0) << "the oldest give way";
}

TEST_F(ChangeTraceTest, WhatWasOverwrittenIsSaidOfThoseThatWait) {
  add(1, "a.xml");
  publish(1, 2);
  trace_.settle(12);
  EXPECT_EQ(trace_.find("1")->lost_events, 12U);
}

}  // namespace
}  // namespace dialtone::daemon
