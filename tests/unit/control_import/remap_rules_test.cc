// SPDX-License-Identifier: Apache-2.0
//
// The rules forward, as in.tftpd 5.2 of Debian 12 follows them.
#include "control/import/remap_rules.h"

#include <gtest/gtest.h>

namespace dialtone::importing {
namespace {

// What each name becomes, in the order of `names`; "-" when it is refused.
std::string apply(std::string_view text, const std::vector<std::string>& names) {
  Diagnostics faults;
  const RemapRules rules = RemapRules::read(text, "r", faults);
  std::string out;
  for (const std::string& name : names) {
    out += (out.empty() ? "" : " ") + rules.apply(name, faults).value_or("-");
  }
  for (const Diagnostic& fault : faults) {
    out += '\n' + to_string(fault);
  }
  return out;
}

TEST(RemapRules, EachRuleIsFollowedInItsOrder) {
  EXPECT_EQ(apply("r ^one$ two\nr ^two$ three\n", {"one", "two", "one2"}), "three three one2");
  EXPECT_EQ(apply("re ^one$ two\nr ^two$ three\n", {"one", "two"}), "two three") << "e ends";
  EXPECT_EQ(apply("r a x\n", {"aab"}), "xab") << "once";
  EXPECT_EQ(apply("rg a x\n", {"aab"}), "xxb");
  EXPECT_EQ(apply("rgg a aa\n", {"ab"}), "aab") << "gg goes on behind what it put";
  EXPECT_EQ(apply("r ^A b\nri ^C d\n", {"ax", "Ax", "cx"}), "ax bx dx");
  EXPECT_EQ(apply("r ^b$ c\nrs ^a$ b\n", {"a"}), "c") << "s begins again";
}

TEST(RemapRules, NamesCanBeRefused) {
  EXPECT_EQ(apply("a \\.pvt$\n", {"x.pvt", "x.pvt2"}), "- x.pvt2");
  EXPECT_EQ(apply("~a ^[a-z]\nr ^a b", {"a1", "A1"}), "b1 -");
  EXPECT_EQ(apply("e ^ok/\na .\n", {"ok/x", "x"}), "ok/x -");
}

TEST(RemapRules, ReplacementsHaveGroupsAndCase) {
  EXPECT_EQ(apply("r ^([a-z]+)-([0-9]+)(x)? \\2/\\1[\\3]\\\\\\0", {"ab-12.c"}), "12/ab[]\\ab-12.c");
  EXPECT_EQ(apply("r ^up(.)(.)$ Y\\U\\1\\E\\2", {"upbb"}), "YBb");
  EXPECT_EQ(apply("r ^(.*)$ \\L\\1", {"ABC"}), "abc");
  EXPECT_EQ(apply("r ^sp$ a\\ b\nr ^hs$ h\\#i # a comment\nr ^cut$ h#i\n", {"sp", "hs", "cut"}),
            "a b h#i h");
  EXPECT_EQ(apply("r ^gone", {"gone.x"}), ".x");
}

TEST(RemapRules, ABudgetEndsThemAtTheRuleThatItWasAt) {
  Diagnostics faults;
  const RemapRules rules = RemapRules::read("# none\nr ^one$ two\nrg a b\n", "r", faults);
  RuleBudget none(RuleBudget::Clock::duration::zero());
  EXPECT_EQ(rules.apply("one", faults, &none), std::nullopt);
  EXPECT_TRUE(none.is_spent());
  EXPECT_EQ(none.line(), 2u);
  EXPECT_EQ(none.column(), 3u);
  EXPECT_TRUE(faults.empty()) << "whoever has the budget knows what it was spent for";
  RuleBudget enough(std::chrono::hours(1));
  EXPECT_EQ(rules.apply("one", faults, &enough), "two");
  EXPECT_FALSE(enough.is_spent());
  bool is_gone = false;
  RuleBudget given_up(std::chrono::hours(1), [&] { return is_gone; });
  is_gone = true;
  EXPECT_EQ(rules.apply("one", faults, &given_up), std::nullopt);
  EXPECT_TRUE(given_up.is_given_up());
}

TEST(RemapRules, CommentsBlanksAndOtherRulesAreLeftOut) {
  EXPECT_EQ(apply("# r a b\n\n \t\r\nrG a b # G is of reading\r\nrP b c\n", {"a"}), "b");
}

TEST(RemapRules, EveryFaultHasItsLineAndColumn) {
  EXPECT_EQ(apply("rq ^a b\n"
                  "r\n"
                  "r  (a b\n"
                  "r4 ^a b\n"
                  "~r ^a b\n"
                  "r ^a x/\\i\n"
                  "r (.)\\1 b\n"
                  "r a{255}{255} b\n"
                  "r ^good$ fine\n",
                  {"good"}),
            "fine\n"
            "r:1:2: unknown-rule: operation 'q' is not known here (r, g, gg, i, e, s, a, ~, G and "
            "P are); write the rule without it\n"
            "r:2:2: unknown-rule: it has no pattern; a rule is letters, a pattern and, with 'r', "
            "what is put in its place\n"
            "r:3:4: bad-pattern: '(a': Unmatched ( or \\(; see regex(7)\n"
            "r:4:2: unknown-rule: '4' asks for the client's kind of address, and every client gets "
            "the same here; make it a rule for all, or take it out\n"
            "r:5:1: unknown-rule: 'r' and '~' do not go together: nothing is there to replace; "
            "take one of them out\n"
            "r:6:8: unknown-rule: '\\i' is the client's address, and every client gets the same "
            "here; put each file under the name that is asked for, and take the rule out\n"
            "r:7:3: bad-pattern: '(.)\\1': it refers to a group of its own; see regex(7)\n"
            "r:8:3: bad-pattern: 'a{255}{255}': it is too long: its length, times each of its "
            "{repetitions}, may be 4096 at most; see regex(7)");
}

TEST(RemapRules, WhatNeverEndsIsSaidOnce) {
  for (const char* rules : {"rg a aa\n", "rg x* y\n", "s a\n"}) {
    const std::string said = apply(rules, {"a", "ab"});
    EXPECT_TRUE(said.starts_with("- -\nr:1:")) << said;
    EXPECT_NE(said.find("endless-rule: it never ends for the name 'a'"), std::string::npos) << said;
    EXPECT_EQ(said.find("'ab'"), std::string::npos) << said;
  }
}

}  // namespace
}  // namespace dialtone::importing
