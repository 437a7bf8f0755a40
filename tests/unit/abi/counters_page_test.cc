// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/counters_page.h"

#include "tests/support/test_image.h"

#include <gtest/gtest.h>

namespace dialtone::abi {
namespace {

constexpr CounterInfo kNames[] = {{"requests", "RRQs that were received."},
                                  {"not_found", "RRQs for a name that is not there."}};

TEST(CountersPage, ReaderFindsNamesAndAddsUpWorkers) {
  const test::AlignedBytes page(counters_page_size(2, 3));
  format_counters_page(page.span(), kNames, 3);
  worker_counters(page.span(), 0)[1] = 5;
  worker_counters(page.span(), 2)[1] = 7;
  auto view = CountersView::open(page.span());
  ASSERT_TRUE(view) << view.error().text;
  ASSERT_EQ(view->size(), 2u);
  EXPECT_EQ(view->name(0), "requests");
  EXPECT_EQ(view->help(1), "RRQs for a name that is not there.");
  EXPECT_EQ(view->sum(0), 0u);
  EXPECT_EQ(view->sum(1), 12u);
  ASSERT_EQ(view->workers(), 3u);
  EXPECT_EQ(view->value(1, 0), 5u);
  EXPECT_EQ(view->value(1, 1), 0u);
  EXPECT_EQ(view->value(1, 2), 7u);
  EXPECT_EQ(view->find("not_found"), 1u);
  EXPECT_EQ(view->find("not_foun"), std::nullopt);
}

TEST(CountersPage, RefusesAPageThatLies) {
  const test::AlignedBytes page(counters_page_size(2, 1));
  format_counters_page(page.span(), kNames, 1);
  auto& header = *reinterpret_cast<CountersHeader*>(page.span().data());
  header.counter_count = 4000;
  EXPECT_FALSE(CountersView::open(page.span()));
  header.counter_count = 2;
  EXPECT_TRUE(CountersView::open(page.span()));
  EXPECT_FALSE(CountersView::open(page.span().first(page.span().size() - 1)));
  header.magic = 0;
  EXPECT_FALSE(CountersView::open(page.span()));
}

TEST(CountersPage, WhatWasCheckedHoldsWhenThePageChangesUnderItsReader) {
  const test::AlignedBytes page(counters_page_size(2, 1));
  format_counters_page(page.span(), kNames, 1);
  worker_counters(page.span(), 0)[1] = 5;
  const auto view = CountersView::open(page.span());
  ASSERT_TRUE(view) << view.error().text;
  auto& header = *reinterpret_cast<CountersHeader*>(page.span().data());
  header.counter_count = 0xffffffff;
  header.worker_count = 0;
  header.values_offset = 1ULL << 40;
  EXPECT_EQ(view->size(), 2u);
  EXPECT_EQ(view->sum(1), 5u);
}

}  // namespace
}  // namespace dialtone::abi
