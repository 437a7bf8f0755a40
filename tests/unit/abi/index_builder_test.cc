// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/index_builder.h"

#include "dataplane/abi/image_view.h"
#include "tests/support/test_image.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

namespace dialtone::abi {
namespace {

constexpr std::uint64_t kIndexId = 7;

// Phones of one maker have MACs that follow each other.
std::vector<std::string> phone_names(unsigned count) {
  std::vector<std::string> names;
  for (unsigned number = 0; number < count; ++number) {
    char name[32];
    std::snprintf(name, sizeof(name), "sep0011%08x.cnf.xml", number);
    names.emplace_back(name);
  }
  return names;
}

// A crowded table has a few names very far from their first line; no seed may need more lines than
// a reader looks at, or control could not publish.
TEST(IndexBuilder, AMillionPhonesStandNearTheirFirstLine) {
  const std::vector<std::string> names = phone_names(1'000'000);
  std::vector<IndexItem> items;
  for (const std::string& name : names) {
    items.push_back({name, Kind::kFlat, 0, kCacheLine});
  }
  const test::AlignedBytes out(index_size(items.size()));
  const auto built = build_index(items, kIndexId, test::kTestSeed, 1, out.span());
  ASSERT_TRUE(built) << built.error().text;
  const IndexHeader& header = IndexView(out.span()).header();
  EXPECT_EQ(header.entry_count, items.size());
  EXPECT_LE(header.max_probes, kMaxProbes * 3 / 4);
}

TEST(IndexBuilder, AnIndexOfNothingIsOneLine) {
  EXPECT_EQ(index_size(0), sizeof(IndexHeader) + sizeof(IndexLine));
}

}  // namespace
}  // namespace dialtone::abi
