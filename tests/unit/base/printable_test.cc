// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/printable.h"

#include <gtest/gtest.h>

namespace dialtone {
namespace {

TEST(Printable, AnExcerptIsCutBetweenCharacters) {
  EXPECT_EQ(excerpt("abc", 3), "abc");
  EXPECT_EQ(excerpt("abcd", 3), "abc...");
  EXPECT_EQ(excerpt("\xc3\x89\xc3\x89\xc3\x89", 2), "\xc3\x89\xc3\x89...");
  EXPECT_EQ(excerpt("\xff\xff\xff", 2), "\xff\xff...");
  EXPECT_EQ(excerpt("", 2), "");
}

}  // namespace
}  // namespace dialtone
