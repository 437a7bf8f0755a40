// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/json_depth.h"

#include <gtest/gtest.h>

#include <string>

namespace dialtone {
namespace {

constexpr std::size_t kMost = kMaxJsonDepth;

TEST(JsonDepth, TheFirstBracketBeyondTheLimitIsFound) {
  EXPECT_EQ(find_deep_json(""), std::nullopt);
  for (const char open : {'[', '{'}) {
    EXPECT_EQ(find_deep_json(std::string(kMost, open)), std::nullopt);
    EXPECT_EQ(find_deep_json(std::string(kMost + 1, open)), kMost);
    EXPECT_EQ(find_deep_json("\n" + std::string(1000000, open)), kMost + 1);
  }
}

TEST(JsonDepth, WhatIsClosedNestsNothing) {
  std::string pairs;
  for (int i = 0; i < 1000; ++i) {
    pairs += "[{}],";
  }
  EXPECT_EQ(find_deep_json(pairs), std::nullopt);
  // Brackets that close nothing give no room for more.
  EXPECT_EQ(find_deep_json(std::string(1000, ']') + std::string(kMost + 1, '[')), 1000 + kMost);
}

TEST(JsonDepth, BracketsWithinAStringNestNothing) {
  const std::string many(1000, '[');
  EXPECT_EQ(find_deep_json("\"" + many + "\\\"" + many + "\""), std::nullopt);
  EXPECT_EQ(find_deep_json("\"\\\\\"" + many), 4 + kMost);
}

}  // namespace
}  // namespace dialtone
