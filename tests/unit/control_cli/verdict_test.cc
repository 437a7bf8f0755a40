// SPDX-License-Identifier: Apache-2.0
//
// --assert and --expect-error: what they make of a reply.
#include "tests/unit/control_cli/scripted_daemon.h"

#include <gtest/gtest.h>

namespace dialtone::cli {
namespace {

constexpr const char* kFiles =
    R"({"ok":true,"result":{"files":[{"name":"a.xml","length":3}]},"warnings":["old: w"]})";
constexpr const char* kRefusal =
    R"({"ok":false,"code":3,"error":"no","faults":[
       {"file":"","line":0,"column":0,"code":"dup-mac","text":"t"}]})";

TEST(Assert, WhatHoldsIs0AndPrintsAsEver) {
  ScriptedDaemon daemon(kFiles);
  const Outcome outcome =
      run_command(daemon.path(), {"files", "ls", "--assert", R"(files==1 && warn("old"))"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("a.xml"), std::string::npos);
}

TEST(Assert, WhatDoesNotHoldIs4AndSaysWhatIs) {
  ScriptedDaemon daemon(kFiles);
  const Outcome outcome =
      run_command(daemon.path(), {"--assert", "files[0].length > 3", "files", "ls", "--json"});
  EXPECT_EQ(outcome.code, 4);
  EXPECT_EQ(outcome.err,
            "warning: old: w\nerror: the assertion does not hold: files[0].length is 3\n");
  EXPECT_TRUE(api::Json::parse(outcome.out)["ok"].get<bool>());
}

TEST(Assert, AMistakeIs2AndNothingIsAsked) {
  const Outcome outcome = run_command("/no/such.sock", {"build", "--assert", "files ="});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err, "error: the assertion, column 7: '=' begins nothing\n");
}

TEST(Assert, ARefusalKeepsItsOwnCode) {
  ScriptedDaemon daemon(kRefusal);
  EXPECT_EQ(run_command(daemon.path(), {"build", "--assert", "files > 0"}).code, 3);
}

TEST(ExpectError, TheCodeInEitherSpellingIs0) {
  for (const char* code : {"E_DUP_MAC", "dup-mac", "DUP-MAC"}) {
    ScriptedDaemon daemon(kRefusal);
    EXPECT_EQ(run_command(daemon.path(), {"build", "--expect-error", code}).code, 0) << code;
  }
}

TEST(ExpectError, AnotherCodeOrSuccessIs4) {
  ScriptedDaemon refuses(kRefusal);
  const Outcome other = run_command(refuses.path(), {"build", "--expect-error", "E_RANGE"});
  EXPECT_EQ(other.code, 4);
  EXPECT_NE(other.err.find("it was refused, but not with E_RANGE"), std::string::npos);
  ScriptedDaemon agrees(kFiles);
  const Outcome done = run_command(agrees.path(), {"files", "ls", "--expect-error", "E_RANGE"});
  EXPECT_EQ(done.code, 4);
  EXPECT_NE(done.err.find("it was not refused; E_RANGE was expected"), std::string::npos);
}

}  // namespace
}  // namespace dialtone::cli
