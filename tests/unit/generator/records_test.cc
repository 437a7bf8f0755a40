// SPDX-License-Identifier: Apache-2.0
#include "generator/records.h"

#include "tests/support/test_campus.h"
#include "tests/unit/generator/allocation_count.h"

#include <gtest/gtest.h>

#include <string>

namespace dialtone::generator {
namespace {

TEST(DeviceBatch, KeepsTextsUntilClear) {
  DeviceBatch batch;
  std::vector<std::string_view> kept;
  for (int i = 0; i < 20000; ++i) {
    kept.push_back(batch.text("text number " + std::to_string(i)));
  }
  const std::string long_text(1 << 20, 'x');
  kept.push_back(batch.text(long_text));
  for (int i = 0; i < 20000; ++i) {
    ASSERT_EQ(kept[static_cast<std::size_t>(i)], "text number " + std::to_string(i));
  }
  EXPECT_EQ(kept.back(), long_text);
}

TEST(DeviceBatch, TwoCursorsFillItOneAfterTheOther) {
  DeviceBatch batch;
  batch.add_device();
  batch.add_device();
  batch.add_device();
  batch.add_line(0).dn = "1";
  batch.add_line(0).dn = "2";
  batch.add_line(2).dn = "3";
  EXPECT_EQ(batch.lines(batch.devices()[0]).size(), 2u);
  EXPECT_EQ(batch.lines(batch.devices()[1]).size(), 0u);
  ASSERT_EQ(batch.lines(batch.devices()[2]).size(), 1u);
  EXPECT_EQ(batch.lines(batch.devices()[2])[0].dn, "3");
}

TEST(DeviceBatch, SecondFillAllocatesNothing) {
  const Campus campus = test::test_campus();
  DeviceBatch batch;
  for (int round = 0; round < 3; ++round) {
    const std::size_t before = test::allocation_count();
    batch.clear();
    for (std::int64_t id = 1; id <= 100; ++id) {
      test::add_test_phone(batch, campus, id);
    }
    if (round != 0) {
      EXPECT_EQ(test::allocation_count(), before);
    }
  }
}

TEST(TagName, IsAnElementName) {
  EXPECT_TRUE(is_tag_name("webAccess"));
  EXPECT_TRUE(is_tag_name("_a-b.c9"));
  EXPECT_TRUE(is_tag_name(std::string(64, 'a')));
  for (const char* name : {"", "9a", "a b", "a>", "-a", "a:b", "\xc3\xa4"}) {
    EXPECT_FALSE(is_tag_name(name)) << name;
  }
  EXPECT_FALSE(is_tag_name(std::string(65, 'a')));
}

}  // namespace
}  // namespace dialtone::generator
