// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/whole_number.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>

namespace dialtone {
namespace {

TEST(WholeNumber, IsAllOfTheText) {
  EXPECT_EQ(whole_number<unsigned>("0"), 0u);
  EXPECT_EQ(whole_number<std::uint64_t>("18446744073709551615"), ~std::uint64_t{0});
  EXPECT_EQ(whole_number<std::uint8_t>("255"), 255);
  EXPECT_EQ(whole_number<int>("-3"), -3);
  for (const std::string_view text : {"", " 1", "1 ", "1x", "+1", "-1", "0x1", "256"}) {
    EXPECT_FALSE(whole_number<std::uint8_t>(text)) << text;
  }
}

}  // namespace
}  // namespace dialtone
