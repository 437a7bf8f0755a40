// SPDX-License-Identifier: Apache-2.0
#include "control/image/huge_page_pool.h"

#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

namespace dialtone::image_build {
namespace {

constexpr std::uint64_t kPage = std::uint64_t{2} << 20;

class Pool : public testing::Test {
 protected:
  std::optional<HugePagePool> read(int count, int free, int reserved, int overcommit, int surplus) {
    folder_.write("nr_hugepages", std::to_string(count) + "\n");
    folder_.write("free_hugepages", std::to_string(free) + "\n");
    folder_.write("resv_hugepages", std::to_string(reserved) + "\n");
    folder_.write("nr_overcommit_hugepages", std::to_string(overcommit) + "\n");
    folder_.write("surplus_hugepages", std::to_string(surplus) + "\n");
    return read_huge_page_pool(folder_.file(""));
  }

  test::TempFolder folder_;
};

TEST_F(Pool, WhatIsReservedForOthersIsNotFree) {
  const auto pool = read(100, 40, 10, 0, 0);
  ASSERT_TRUE(pool.has_value());
  EXPECT_EQ(pool->total_bytes, 100 * kPage);
  EXPECT_EQ(pool->free_bytes, 30 * kPage);
}

TEST_F(Pool, WhatTheKernelMayAddIsFree) {
  const auto pool = read(104, 2, 0, 10, 4);
  ASSERT_TRUE(pool.has_value());
  EXPECT_EQ(pool->total_bytes, 110 * kPage);
  EXPECT_EQ(pool->free_bytes, 8 * kPage);
}

TEST_F(Pool, AKernelWithoutThemHasNoPool) {
  EXPECT_FALSE(read_huge_page_pool(folder_.file("nowhere")).has_value());
  EXPECT_EQ(huge_page_shortage(std::nullopt, 100 * kPage), "");
}

TEST_F(Pool, AShortageSaysHowManyPagesEndIt) {
  EXPECT_EQ(huge_page_shortage(HugePagePool{100 * kPage, 20 * kPage}, 20 * kPage), "");
  EXPECT_EQ(huge_page_shortage(HugePagePool{0, 0}, 20 * kPage), "") << "nobody wants any";
  EXPECT_EQ(huge_page_shortage(HugePagePool{100 * kPage, 20 * kPage}, 50 * kPage),
            "a full build would lay 100 MiB on huge pages, and 40 MiB are free: the rest goes to "
            "ordinary pages, which serve it slower; sysctl vm.nr_hugepages=130 gives room for it");
}

}  // namespace
}  // namespace dialtone::image_build
