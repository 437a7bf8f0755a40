// SPDX-License-Identifier: Apache-2.0
//
// `dialtone service`: what is sent, awaited and shown.
#include "control/cli/await_service.h"
#include "tests/unit/control_cli/scripted_daemon.h"

#include <gtest/gtest.h>

namespace dialtone::cli {
namespace {

using api::Json;

api::Reply reply_of(const std::string& state, int transfers = 0) {
  api::Reply reply;
  reply.ok = true;
  reply.document = {{"ok", true}, {"result", {{"state", state}, {"transfers", transfers}}}};
  return reply;
}

Invocation awaiting(const std::string& state, std::chrono::seconds patience) {
  Invocation asked;
  asked.command = "service stop";
  asked.arguments = {{"drain", true}};
  asked.awaited = {state, patience};
  return asked;
}

TEST(AwaitService, AsksUntilTheStateIsThere) {
  int looks = 0;
  const auto reply = await_service(awaiting("stopped", std::chrono::seconds(60)),
                                   reply_of("running"), [&](const Invocation& look) {
                                     EXPECT_EQ(look.command, "service status");
                                     EXPECT_TRUE(look.arguments.empty());
                                     return reply_of(++looks < 3 ? "draining" : "stopped");
                                   });
  ASSERT_TRUE(reply.ok());
  EXPECT_EQ(reply->result()["state"], "stopped");
  EXPECT_EQ(looks, 3);
}

TEST(AwaitService, AStateThatDoesNotComeIsATimeoutThatSaysWhatIs) {
  const auto reply =
      await_service(awaiting("stopped", std::chrono::seconds(0)), reply_of("draining", 2),
                    [](const Invocation&) { return reply_of("draining", 2); });
  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error().code, ErrorCode::kTimeout);
  EXPECT_NE(reply.error().text.find("the service is draining, not stopped, after 0 s: 2 transfers"),
            std::string::npos)
      << reply.error().text;
}

TEST(AwaitService, AnErrorOnTheWayIsTheEnd) {
  const auto reply =
      await_service(awaiting("running", std::chrono::seconds(60)), reply_of("stopped"),
                    [](const Invocation&) { return Result<api::Reply>(failed("gone")); });
  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error().text, "gone");
}

TEST(ServiceCommand, StopSendsWhetherTransfersMayGoOn) {
  ScriptedDaemon daemon(R"({"ok":true,"result":{"state":"stopped","transfers":0,"pid":7,
      "since_us":1796025501000000,"generation":12}})");
  const Outcome outcome = run_command(daemon.path(), {"service", "stop", "--drain"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("stopped, since 2026-11-30T07:"), std::string::npos) << outcome.out;
  EXPECT_EQ(daemon.request(), R"({"command":"service stop","arguments":{"drain":true}})");
}

TEST(ServiceCommand, WithoutAWaitTheFirstReplyIsShown) {
  ScriptedDaemon daemon(R"({"ok":true,"result":{"state":"draining","transfers":3}})");
  const Outcome outcome =
      run_command(daemon.path(), {"service", "stop", "--no-wait", "--assert", "transfers == 3"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("draining, 3 transfers in flight"), std::string::npos) << outcome.out;
}

}  // namespace
}  // namespace dialtone::cli
