// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/arguments.h"

#include <gtest/gtest.h>

namespace dialtone::daemon {
namespace {

using api::Json;

TEST(Arguments, AreReadWithTheirTypes) {
  const Json json = {
      {"name", "SEP1"}, {"wait", false}, {"names", {"a", "b"}}, {"set", {{"z", "1"}, {"a", "2"}}}};
  const Arguments arguments(json);
  EXPECT_EQ(*arguments.text("name"), "SEP1");
  EXPECT_EQ(*arguments.text_or("pool", "all"), "all");
  EXPECT_FALSE(*arguments.flag("wait", true));
  EXPECT_TRUE(*arguments.flag("check", true));
  EXPECT_EQ(arguments.texts("names")->size(), 2u);
  const auto pairs = *arguments.pairs("set");
  ASSERT_EQ(pairs.size(), 2u);
  EXPECT_EQ(pairs[0].first, "z");  // in their order
}

TEST(Arguments, AWrongTypeIsUsageAndNamesTheArgument) {
  const Json json = {{"name", 1}, {"wait", "no"}, {"names", Json::array()}, {"set", {{"a", 1}}}};
  const Arguments arguments(json);
  for (const Error& error : {arguments.text("name").error(), arguments.flag("wait", true).error(),
                             arguments.texts("names").error(), arguments.pairs("set").error()}) {
    EXPECT_EQ(error.code, ErrorCode::kUsage);
    EXPECT_NE(error.text.find("argument '"), std::string::npos) << error.text;
  }
  EXPECT_FALSE(arguments.text("absent").ok());
}

TEST(Arguments, ANameThatIsGivenIsNotEmpty) {
  const Json json = {{"dialplan", ""}, {"pool", "a"}};
  const Arguments arguments(json);
  EXPECT_EQ(arguments.name_or("dialplan", "").error().text,
            "argument 'dialplan' must be a name that is not empty, or left out");
  EXPECT_EQ(*arguments.name_or("pool", ""), "a");
  EXPECT_EQ(*arguments.name_or("absent", ""), "");
}

TEST(Arguments, NumbersAreWholeAndBounded) {
  const Json json =
      Json::parse(R"({"limit":7,"after":[1,2],"signed":-1,"text":"1","mixed":[1,"2"]})");
  const Arguments arguments(json);
  EXPECT_EQ(*arguments.number_or("limit", 100, 10), 7U);
  EXPECT_EQ(*arguments.number_or("absent", 100, 10), 100U);
  EXPECT_EQ(**arguments.numbers("after"), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_FALSE(arguments.numbers("absent")->has_value());
  for (const Error& error :
       {arguments.number_or("limit", 1, 6).error(), arguments.number_or("signed", 1, 6).error(),
        arguments.number_or("text", 1, 6).error(), arguments.numbers("mixed").error(),
        arguments.numbers("limit").error()}) {
    EXPECT_EQ(error.code, ErrorCode::kUsage);
  }
}

TEST(Arguments, AnUnknownOneIsRefusedWithTheNearest) {
  const Json json = {{"nmae", "x"}};
  const auto only = Arguments(json).only({"name", "wait"});
  ASSERT_FALSE(only.ok());
  EXPECT_NE(only.error().text.find("did you mean 'name'"), std::string::npos);
  EXPECT_FALSE(Arguments(Json::array()).only({"name"}).ok());
  EXPECT_TRUE(Arguments(Json()).only({"name"}).ok());
}

}  // namespace
}  // namespace dialtone::daemon
