// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/hash.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace dialtone {
namespace {

TEST(Hash, DependsOnSeedLengthAndEveryByte) {
  EXPECT_NE(keyed_hash("ringlist.xml", 1), keyed_hash("ringlist.xml", 2));
  EXPECT_NE(keyed_hash(std::string_view("a\0", 2), 1), keyed_hash("a", 1));
  std::set<std::uint64_t> seen;
  std::string name(40, 'x');
  for (std::size_t i = 0; i < name.size(); ++i) {
    std::string other = name;
    other[i] = 'y';
    seen.insert(keyed_hash(other, 7));
  }
  EXPECT_EQ(seen.size(), name.size());
}

// Keys in images and hashes in events are made with it.
TEST(Hash, IsTheSameForEver) {
  std::uint64_t all = 0;
  for (std::size_t length = 0; length <= 40; ++length) {
    const std::string padded = std::string(3, '#') + std::string(length, 'n') + "behind it";
    all = mix64(all ^ keyed_hash(std::string_view(padded).substr(3, length), 7), 1);
  }
  EXPECT_EQ(all, 0x57617e4abe33c68aU);
}

TEST(Hash, Mix64IsOneToOneOnNeighbours) {
  std::set<std::uint64_t> seen;
  for (std::uint64_t value = 0; value < 10000; ++value) {
    seen.insert(mix64(value, 42));
  }
  EXPECT_EQ(seen.size(), 10000u);
}

}  // namespace
}  // namespace dialtone
