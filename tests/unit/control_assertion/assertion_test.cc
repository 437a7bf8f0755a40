// SPDX-License-Identifier: Apache-2.0
#include "control/assertion/assertion.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace dialtone::assertion {
namespace {

const Json kReply = Json::parse(R"({
  "cm": [{"name": "cm-a", "port": 2000}, {"name": "cm-b", "port": 2000}],
  "load": "SIP45.9-4", "empty": "", "count": 2, "share": 0.5, "ok": true, "nothing": null,
  "steps": ["cache: devices", "cache: rows", "cache: lists", "disk", "cluster:c"],
  "odd name": 1, "warnings": ["alt-1-empty: entry 1 is empty"], "findings": [{"code": "two-servers"}],
  "files": [{"name": "RingList.xml", "end": "whole"}, {"name": "SEP1.cnf.xml", "end": "error"}, 1]})");

Verdict check(const std::string& claim) {
  auto parsed = Assertion::parse(claim);
  EXPECT_TRUE(parsed.ok()) << claim << ": " << (parsed.ok() ? "" : parsed.error().text);
  return parsed.ok() ? parsed->check(kReply) : Verdict{};
}

TEST(Assertion, TrueOnes) {
  for (const char* claim : {
           R"(cm[0].name=="cm-a" && cm[0].port==2000 && load!="")",
           "count == 2",
           "cm == 2",
           "2 <= cm",
           "count>1&&count<3&&count>=2&&count<=2",
           "share == 0.5",
           "-1 < count",
           "ok",
           "!empty",
           "!nothing",
           "nothing == null",
           "ok == true && !(count == 3 || share > 1)",
           R"(load matches "^SIP45\.")",
           R"(load matches "\d-\d$" && load matches "x*?9|^9")",
           R"(load matches "^(?:[A-Z]{3})[0-9]{2}" && !(load matches "^IP"))",
           R"(empty matches "" && empty matches "^$")",
           R"(load in ["a", 'SIP45.9-4'])",
           R"(count("cache")==3 && after("disk","cache"))",
           R"(steps[4] == "cluster:c")",
           R"(has("9-4") && none("SCCP"))",
           "count(cm) == 2",
           R"(warn("alt-1-empty"))",
           R"(warn("two-servers") && !warn("odd name"))",
           R"(fetched("RINGLIST.XML") && !fetched("ring") && !fetched("SEP1.cnf.xml"))",
           R"(exists(cm[1].name) && !exists(cm[2].name))",
           R"(["odd name"] == ["odd name"])",
           R"("b" > "a")",
       }) {
    EXPECT_TRUE(check(claim).holds) << claim << ": " << check(claim).why;
  }
}

TEST(Assertion, WrongOnesSayWhatIs) {
  const std::pair<const char*, const char*> claims[] = {
      {"count == 3", "count is 2"},
      {R"(cm[1].name=="cm-a" && ok)", R"(cm[1].name is "cm-b")"},
      {R"(has("7941"))", R"(has("7941") is false)"},
      {R"(after("cache","disk"))", R"(after("cache", "disk") is false)"},
      {"load > 1", R"(load is "SIP45.9-4")"},
      {"empty", R"(empty is "")"},
  };
  for (const auto& [claim, why] : claims) {
    const Verdict verdict = check(claim);
    EXPECT_FALSE(verdict.holds) << claim;
    EXPECT_EQ(verdict.why, why) << claim;
  }
}

// Fields are looked at by their names' order, which says nothing.
TEST(Assertion, OnlyAListHasAnOrder) {
  const auto holds = [](const char* json, const char* claim) {
    return Assertion::parse(claim)->check(Json::parse(json)).holds;
  };
  constexpr const char* kSteps = R"({"last": "disk", "steps": ["cache", "disk"]})";
  EXPECT_TRUE(holds(kSteps, R"(after("disk", "cache"))"));
  EXPECT_FALSE(holds(kSteps, R"(after("cache", "disk"))"));
  EXPECT_FALSE(holds(R"({"a": "cache", "b": "disk"})", R"(after("disk", "cache"))"));
  EXPECT_TRUE(
      holds(R"({"a": {"b": [{"c": "cache"}, {"c": "disk"}]}})", R"(after("disk", "cache"))"));
}

// Else a mistyped name would make "!=" true for ever.
TEST(Assertion, APathThatLeadsNowhereIsWrongEitherWay) {
  for (const char* claim : {R"(laod != "")", "!laod", "laod == null", "ok || false && laod"}) {
    const Verdict verdict = check(claim);
    if (std::string(claim).starts_with("ok")) {
      EXPECT_TRUE(verdict.holds);  // was not looked at
      continue;
    }
    EXPECT_FALSE(verdict.holds) << claim;
    EXPECT_EQ(verdict.why, "laod leads nowhere; did you mean 'load'?") << claim;
  }
  EXPECT_EQ(check("cm[7].name == 1").why, "cm[7].name leads nowhere: the list has 2");
  EXPECT_EQ(check("load[0] == 1").why, "load[0] leads nowhere: no list");
}

TEST(Assertion, VariablesOfTheEnvironment) {
  ::setenv("DIALTONE_TEST_LOAD", "SIP45.9-4", 1);
  EXPECT_TRUE(check("load == env.DIALTONE_TEST_LOAD").holds);
  ::unsetenv("DIALTONE_TEST_LOAD");
  EXPECT_EQ(check("load == env.DIALTONE_TEST_LOAD").why,
            "the environment has no DIALTONE_TEST_LOAD");
}

TEST(Assertion, MistakesHaveTheirColumn) {
  const std::pair<std::string, const char*> claims[] = {
      {"", "column 1: a value is missing here"},
      {"count =", "column 7: '=' begins nothing"},
      {"count ==", "column 9: a value is missing here"},
      {"count == 2 ok", "column 12: 'ok' does not belong here"},
      {"load == \"SIP", "column 9: this text has no closing quote"},
      {"(count == 2", "column 12: here must stand ')'"},
      {"cm[x]", "column 4: between '[' and ']' stands a number, or a name in quotes"},
      {"cm.", "column 4: behind '.' stands a name"},
      {"hsa(\"x\")", "column 1: there is no function 'hsa'; did you mean 'has'?"},
      {"has()", "column 1: has() takes 1, not 0"},
      {"exists(\"x\")", "column 1: exists() takes a path"},
      {"load matches 3", "column 14: behind 'matches' stands a text, a regular expression"},
      {"load matches \"(\"", "column 14: no regular expression that is taken: "},
      {"load matches 'a)(?:b'", "column 14: no regular expression that is taken: "},
      {"load matches '(a)\\1'",
       "column 14: no regular expression that is taken: it refers to a group of its own"},
      {"load matches '(?!a)b'",
       "column 14: no regular expression that is taken: '(?!' looks ahead"},
      {"load matches '(a{1000}){1000}'",
       "column 14: no regular expression that is taken: it is too long"},
      {"load matches 'a{99999999999999999999}'",
       "column 14: no regular expression that is taken: it is too long"},
      {"load matches '" + std::string(5000, 'a') + "'",
       "column 14: no regular expression that is taken: it is too long"},
      {std::string(100000, '('), "column 65: too many brackets in one another"},
      {std::string(100000, '!'), "column 65: too many brackets in one another"},
  };
  for (const auto& [claim, text] : claims) {
    const auto parsed = Assertion::parse(claim);
    ASSERT_FALSE(parsed.ok()) << claim;
    EXPECT_EQ(parsed.error().code, ErrorCode::kUsage);
    EXPECT_EQ(parsed.error().text.find(std::string("the assertion, ") + text), 0u)
        << parsed.error().text;
  }
}

// Of a search that goes back, the first takes longer than anybody lives and the second the stack.
TEST(Assertion, NoPatternTakesLongerThanItsLengthTimesThatOfTheText) {
  for (const std::string pattern : {"(a+)+b", "(a|aa)+$", "(a*)*(a*)*b", "([^,]*,?)*;"}) {
    const Json reply = {{"a", std::string(4095, 'a') + 'c'}};
    const auto claim = Assertion::parse("a matches '" + pattern + "'");
    ASSERT_TRUE(claim) << pattern;
    EXPECT_FALSE(claim->check(reply).holds) << pattern;
  }
  const std::string nested = std::string(2000, '(') + 'a' + std::string(2000, ')');
  EXPECT_TRUE(check("'a' matches '" + nested + "'").holds);
}

TEST(Assertion, WhatIsTooLongToMatchMakesTheClaimWrongEitherWay) {
  const Json reply = {{"a", std::string(4097, 'a')}};
  for (const char* claim : {"a matches 'b'", "!(a matches 'b')"}) {
    const Verdict verdict = Assertion::parse(claim)->check(reply);
    EXPECT_FALSE(verdict.holds);
    EXPECT_NE(verdict.why.find("a has 4097 bytes; 'matches' looks at 4096 at most"),
              std::string::npos)
        << verdict.why;
  }
}

}  // namespace
}  // namespace dialtone::assertion
