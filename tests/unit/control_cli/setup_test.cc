// SPDX-License-Identifier: Apache-2.0
//
// `dialtone setup` and `doctor`: what is sent and shown, and the exit codes.
#include "tests/unit/control_cli/scripted_daemon.h"

#include <gtest/gtest.h>

namespace dialtone::cli {
namespace {

constexpr const char* kSetup =
    R"({"ok":true,"result":{"done":1,"todo":1,"steps":[
    {"id":"a","title":"Activate","done":true,"optional":false,"found":"it runs","cure":[]},
    {"id":"b","title":"Alternate","done":false,"optional":true,"found":"none","cure":[]},
    {"id":"c","title":"Devices","done":false,"optional":false,"found":"0 devices",
     "cure":["dialtone import csv FILE"]}]}})";

TEST(SetupCommand, StepsAreListedWithTheirCure) {
  ScriptedDaemon daemon(kSetup);
  const Outcome outcome = run_command(daemon.path(), {"setup", "--proxy"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "done    Activate: it runs\n"
            "may be  Alternate: none\n"
            "to do   Devices: 0 devices\n"
            "            dialtone import csv FILE\n"
            "1 step done, 1 to do\n");
  EXPECT_EQ(daemon.request(), R"({"command":"setup","arguments":{"proxy":true}})");
}

TEST(SetupCommand, WhatIsToDoCanBeClaimed) {
  ScriptedDaemon daemon(kSetup);
  EXPECT_EQ(run_command(daemon.path(), {"setup", "--check", "--assert", "todo==0"}).code, 4);
}

constexpr const char* kSick =
    R"({"ok":true,"result":{"listen":{"v4":true,"v6":false},"findings":["the disk is full; empty it"],
    "count":1,"notes":["no IPv6 address is served"]}})";

TEST(DoctorCommand, AFindingIs4) {
  ScriptedDaemon daemon(kSick);
  const Outcome outcome = run_command(daemon.path(), {"doctor"});
  EXPECT_EQ(outcome.code, 4);
  EXPECT_EQ(outcome.out,
            "finding  the disk is full; empty it\n"
            "note     no IPv6 address is served\n"
            "answers over IPv4; 1 finding\n");
}

TEST(DoctorCommand, WhoClaimsSomethingAsksForThatAlone) {
  ScriptedDaemon sound(kSick);
  EXPECT_EQ(run_command(sound.path(), {"doctor", "--assert", "listen.v4"}).code, 0);
  ScriptedDaemon missing(kSick);
  EXPECT_EQ(run_command(missing.path(), {"doctor", "--assert", "listen.v6"}).code, 4);
}

}  // namespace
}  // namespace dialtone::cli
