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

TEST(Hash, Mix64IsOneToOneOnNeighbours) {
  std::set<std::uint64_t> seen;
  for (std::uint64_t value = 0; value < 10000; ++value) {
    seen.insert(mix64(value, 42));
  }
  EXPECT_EQ(seen.size(), 10000u);
}

}  // namespace
}  // namespace dialtone
