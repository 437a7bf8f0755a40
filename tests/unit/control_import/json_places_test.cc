// SPDX-License-Identifier: Apache-2.0
#include "control/import/json_places.h"

#include "control/import/json_reader.h"

#include <gtest/gtest.h>

namespace dialtone::importing {
namespace {

std::string shown(TextPlace place) {
  return std::to_string(place.line) + ":" + std::to_string(place.column);
}

TEST(TextPlaces, CountLinesAndCharactersInAnyOrder) {
  std::string text =
      "a\xc3\x89"
      "b\r\n\n";
  text += std::string(200'000, 'x') + "\n" + std::string(100'000, 'y');
  TextPlaces places(text);
  EXPECT_EQ(shown(places.of(200'010)), "4:3");
  EXPECT_EQ(shown(places.of(0)), "1:1");
  EXPECT_EQ(shown(places.of(3)), "1:3") << "a character of two bytes is one";
  EXPECT_EQ(shown(places.of(6)), "2:1");
  EXPECT_EQ(shown(places.of(150'007)), "3:150001");
  EXPECT_EQ(shown(places.of(text.size() + 5)), "4:100001") << "behind the end, the end";
  EXPECT_EQ(shown(TextPlaces("").of(0)), "1:1");
}

TEST(JsonPlaces, FindKeysAndRows) {
  const std::string text =
      "\xef\xbb\xbf{ \"a\": [1, {\"b\\u0063\": \"]}\\\"\", \"d\": {}}, [] ],\n"
      "  \"e\" :\n { \"f\": -1e5, \"\": [[2], \"\\\\\", null] } }";
  JsonPlaces places(text);
  EXPECT_EQ(shown(places.of({})), "1:1") << "the mark before it is no character";
  EXPECT_EQ(shown(places.of({"a"})), "1:3");
  EXPECT_EQ(shown(places.of({"a", std::size_t{0}})), "1:9");
  EXPECT_EQ(shown(places.of({"a", std::size_t{1}})), "1:12");
  EXPECT_EQ(shown(places.of({"a", std::size_t{1}, "bc"})), "1:13") << "its escape is read";
  EXPECT_EQ(shown(places.of({"a", std::size_t{1}, "d"})), "1:32");
  EXPECT_EQ(shown(places.of({"a", std::size_t{2}})), "1:42");
  EXPECT_EQ(shown(places.of({"e"})), "2:3");
  EXPECT_EQ(shown(places.of({"e", "", std::size_t{0}, std::size_t{0}})), "3:21");
  EXPECT_EQ(shown(places.of({"e", "", std::size_t{2}})), "3:31");
}

TEST(JsonPlaces, WhatIsNotThereIsWhatItWasIn) {
  JsonPlaces places("{\"a\": [{\"b\": 1}]}");
  EXPECT_EQ(shown(places.of({"x"})), "1:1");
  EXPECT_EQ(shown(places.of({"a", std::size_t{1}})), "1:2");
  EXPECT_EQ(shown(places.of({"a", "b"})), "1:2");
  EXPECT_EQ(shown(places.of({"a", std::size_t{0}, "c"})), "1:8");
  EXPECT_EQ(shown(places.of({"a", std::size_t{0}, "b", "c"})), "1:9");
}

TEST(JsonPlaces, APathReadsAsAPersonWritesIt) {
  EXPECT_EQ(to_string({"dial_plans", std::size_t{2}, "rules", std::size_t{0}, "tone"}),
            "dial_plans[2].rules[0].tone");
}

// As it is read, before it is known whether the rest is JSON.
TEST(JsonReader, AKeyThatIsThereTwiceHasItsPlace) {
  const auto faults_of = [](std::string_view text) {
    Diagnostics faults;
    FaultList list("f", faults);
    read_json(text, list);
    return to_error(ErrorCode::kRefused, faults).text;
  };
  EXPECT_TRUE(faults_of("{\"a\": 1,\n \"\xc3\x89\": 2, \"a\": 3").starts_with("f:2:10: dup"));
  EXPECT_TRUE(faults_of("{\"\\\"x\\\\\": 1, \"\\\"x\\\\\": 3}").starts_with("f:1:14: dup"));
  EXPECT_TRUE(faults_of("{\"\":1,\"\":2}").starts_with("f:1:7: dup"));
}

}  // namespace
}  // namespace dialtone::importing
