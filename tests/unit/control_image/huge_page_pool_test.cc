// SPDX-License-Identifier: Apache-2.0
#include "control/image/huge_page_pool.h"

#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

namespace dialtone::image_build {
namespace {

constexpr std::uint64_t kPage = std::uint64_t{2} << 20;

HugePageNeed need(std::uint64_t next, std::uint64_t peak, std::uint64_t live) {
  return {next * kPage, peak * kPage, live * kPage};
}

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
  EXPECT_EQ(huge_page_shortage(std::nullopt, need(100, 0, 0)), "");
}

TEST_F(Pool, AShortageSaysHowManyPagesEndIt) {
  EXPECT_EQ(huge_page_shortage(HugePagePool{100 * kPage, 20 * kPage}, need(20, 0, 0)), "");
  EXPECT_EQ(huge_page_shortage(HugePagePool{0, 0}, need(20, 100, 20)), "") << "nobody wants any";
  EXPECT_EQ(huge_page_shortage(HugePagePool{100 * kPage, 20 * kPage}, need(50, 0, 0)),
            "a full build would lay 100 MiB on huge pages, and 40 MiB are free: the rest goes to "
            "ordinary pages, which serve it slower; sysctl vm.nr_hugepages=130 gives room for all "
            "that may be there");
}

TEST_F(Pool, AllThatMayBeThereAtOnceIsToFit) {
  // One of 10 pages is there: four more may come.
  const HugePageNeed one_there = need(10, 50, 10);
  EXPECT_EQ(one_there.further(), 40 * kPage);
  EXPECT_EQ(huge_page_shortage(HugePagePool{100 * kPage, 40 * kPage}, one_there), "");
  EXPECT_EQ(huge_page_shortage(HugePagePool{100 * kPage, 39 * kPage}, one_there),
            "while slow transfers read old generations, images may take 80 MiB more of huge pages, "
            "and 78 MiB are free: the rest goes to ordinary pages, which serve it slower; sysctl "
            "vm.nr_hugepages=101 gives room for all that may be there");
  EXPECT_EQ(huge_page_shortage(HugePagePool{100 * kPage, 20 * kPage}, need(10, 50, 30)), "")
      << "what old generations hold already is not asked for again";
  EXPECT_EQ(huge_page_shortage(HugePagePool{100 * kPage, 5 * kPage}, need(10, 50, 50)),
            "a full build would lay 20 MiB on huge pages, and 10 MiB are free: the rest goes to "
            "ordinary pages, which serve it slower; sysctl vm.nr_hugepages=105 gives room for all "
            "that may be there");
}

}  // namespace
}  // namespace dialtone::image_build
