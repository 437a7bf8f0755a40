// SPDX-License-Identifier: Apache-2.0
//
// What `dialtone device reset` waits for behind the reply of the daemon.
#include "control/cli/await_refetch.h"

#include <gtest/gtest.h>

namespace dialtone::cli {
namespace {

using api::Json;

api::Reply reply_of(Json result) {
  api::Reply reply;
  reply.ok = true;
  reply.document = {{"ok", true}, {"result", std::move(result)}};
  return reply;
}

Json file(const char* name, std::uint64_t time_us) {
  return {{"name", name}, {"fetched", {{"time_us", time_us}}}};
}

Invocation resetting(std::chrono::seconds patience) {
  Invocation asked;
  asked.command = "device reset";
  asked.arguments = {{"name", "sep1"}};
  asked.refetch_patience = patience;
  return asked;
}

const Json kReset = {{"device", "SEP1"}, {"asked_us", 1000}};

TEST(AwaitRefetch, OnlyWhatWasAskedForBehindTheResetCounts) {
  int looks = 0;
  const auto reply = await_refetch(
      resetting(std::chrono::seconds(60)), reply_of(kReset), [&](const Invocation& look) {
        EXPECT_EQ(look.command, "served");
        EXPECT_EQ(look.arguments, Json({{"device", "SEP1"}}));
        const std::uint64_t time = ++looks < 3 ? 999 : 1001;
        return reply_of({{"files", {file("a", time), {{"name", "b"}, {"fetched", nullptr}}}}});
      });
  ASSERT_TRUE(reply.ok());
  EXPECT_EQ(looks, 3);
  EXPECT_EQ(reply->result()["refetch"], 1);
  EXPECT_EQ(reply->result()["fetched"][0]["name"], "a");
  EXPECT_EQ(reply->result()["device"], "SEP1");
}

TEST(AwaitRefetch, ADeviceThatDoesNotComeIsATimeout) {
  const auto reply =
      await_refetch(resetting(std::chrono::seconds(0)), reply_of(kReset), [](const Invocation&) {
        return reply_of({{"files", Json::array()}});
      });
  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error().code, ErrorCode::kTimeout);
  EXPECT_NE(reply.error().text.find("SEP1 has not asked"), std::string::npos) << reply.error().text;
}

TEST(AwaitRefetch, AnErrorOnTheWayIsTheEnd) {
  const auto reply =
      await_refetch(resetting(std::chrono::seconds(60)), reply_of(kReset),
                    [](const Invocation&) { return Result<api::Reply>(failed("gone")); });
  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error().text, "gone");
}

}  // namespace
}  // namespace dialtone::cli
