// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/tftp/option_ack.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace dialtone::emu {
namespace {

constexpr AskedFor kAll{.block_size = 1428, .window = 8, .size = true};

// '|' stands for NUL.
std::optional<Granted> parse(std::string text, const AskedFor& asked = kAll) {
  std::replace(text.begin(), text.end(), '|', '\0');
  return parse_option_ack(std::as_bytes(std::span(text)), asked);
}

TEST(OptionAck, GrantsWhatWasAskedForOrLess) {
  const auto granted = parse("blksize|1024|windowsize|4|tsize|70000|");
  ASSERT_TRUE(granted);
  EXPECT_EQ(granted->block_size, 1024);
  EXPECT_EQ(granted->window, 4);
  EXPECT_EQ(granted->size, 70000u);
}

TEST(OptionAck, WhatIsNotNamedStaysAsWithoutOptions) {
  const auto granted = parse("");
  ASSERT_TRUE(granted);
  EXPECT_EQ(granted->block_size, 512);
  EXPECT_EQ(granted->window, 1);
  EXPECT_FALSE(granted->size);
}

TEST(OptionAck, NamesAreOfEitherCase) {
  EXPECT_EQ(parse("BlkSize|1428|")->block_size, 1428);
}

TEST(OptionAck, AnythingElseBreaksTheProtocol) {
  for (const char* text :
       {"blksize|1429|", "blksize|7|", "blksize||", "blksize|512abc|", "blksize|512", "blksize|",
        "blksize|512|blksize|512|", "windowsize|9|", "windowsize|0|", "timeout|1|",
        "tsize|1|tsize|1|", "tsize|-1|", "|", "||"}) {
    EXPECT_FALSE(parse(text)) << text;
  }
  EXPECT_FALSE(parse("tsize|1|", {.block_size = 512}));
  EXPECT_FALSE(parse("blksize|512|", {.size = true}));
}

}  // namespace
}  // namespace dialtone::emu
