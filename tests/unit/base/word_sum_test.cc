// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/word_sum.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <vector>

namespace dialtone {
namespace {

std::uint64_t plain(std::span<const std::byte> bytes) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    std::uint16_t word = 0;
    std::memcpy(&word, bytes.data() + i, std::min<std::size_t>(2, bytes.size() - i));
    sum += word;
  }
  return sum;
}

std::vector<std::byte> noise(std::size_t size) {
  std::mt19937 random(static_cast<std::uint32_t>(size));
  std::vector<std::byte> bytes(size);
  for (std::byte& byte : bytes) {
    byte = static_cast<std::byte>(random());
  }
  return bytes;
}

void expect_plain(std::span<const std::byte> bytes) {
  const std::uint16_t sum = fold_word_sum(plain(bytes));
  EXPECT_EQ(fold_word_sum(word_sum(bytes)), sum) << bytes.size();
  EXPECT_EQ(fold_word_sum(word_sum_narrow(bytes)), sum) << bytes.size();
}

TEST(WordSum, IsThatOfEachWordAtEverySizeAndPlace) {
  const std::vector<std::byte> bytes = noise(700);
  for (std::size_t size = 0; size + 3 < bytes.size(); ++size) {
    for (std::size_t begin = 0; begin < 3; ++begin) {
      expect_plain(std::span(bytes).subspan(begin, size));
    }
  }
}

// Of more registers than a lane can hold.
TEST(WordSum, LosesNoCarryOfALongText) {
  constexpr std::size_t kLong = (std::size_t{3} << 20) + 17;
  expect_plain(noise(kLong));
  expect_plain(std::vector<std::byte>(kLong, std::byte{0xff}));
  expect_plain(std::vector<std::byte>(kLong, std::byte{0}));
}

}  // namespace
}  // namespace dialtone
