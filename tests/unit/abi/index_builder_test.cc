// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/index_builder.h"

#include "dataplane/abi/image_view.h"
#include "tests/support/test_image.h"

#include <gtest/gtest.h>

#include <algorithm>
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

std::vector<IndexItem> items_of(const std::vector<std::string>& names) {
  std::vector<IndexItem> items;
  for (const std::string& name : names) {
    items.push_back({name, Kind::kFlat, 0, kCacheLine});
  }
  return items;
}

// Where a search of each entry's key finds it.
struct Places {
  std::size_t in_first = 0;
  std::size_t in_second = 0;
  std::size_t nowhere = 0;
  std::size_t spilled_lines = 0;
};

Places places_of(const IndexView& index) {
  Places places;
  for (std::uint64_t at = 0; at < index.lines().size(); ++at) {
    places.spilled_lines += index.lines()[at].spilled();
    for (const IndexEntry& entry : index.lines()[at].entries) {
      if (entry.where == 0) {
        continue;
      }
      const std::uint64_t first = index.first_line(entry.key);
      const bool second =
          index.second_line(entry.key, first) == at && index.lines()[first].spilled();
      ++(first == at ? places.in_first : second ? places.in_second : places.nowhere);
    }
  }
  return places;
}

TEST(IndexBuilder, AMillionPhonesTakeTwentyBytesEachAndStandInTheirTwoLines) {
  const std::vector<std::string> names = phone_names(1'000'000);
  const std::vector<IndexItem> items = items_of(names);
  const test::AlignedBytes out(index_size(items.size()));
  EXPECT_LE(index_size(items.size()), items.size() * 20 + 1024);
  const auto built = build_index(items, kIndexId, test::kTestSeed, 1, out.span());
  ASSERT_TRUE(built) << built.error().text;
  const IndexView index(out.span());
  EXPECT_EQ(index.header().entry_count, items.size());
  const Places places = places_of(index);
  EXPECT_EQ(places.nowhere, 0U);
  EXPECT_EQ(places.in_first + places.in_second, items.size());
  EXPECT_GE(places.in_first, items.size() * 3 / 4);  // these are found by reading one line
  EXPECT_LE(places.spilled_lines, index.lines().size() * 4 / 10);
}

// A small index meets with more chance: control chooses one seed and must be able to build.
TEST(IndexBuilder, EachSizeCanBeBuiltWithEachSeed) {
  const std::vector<std::string> names = phone_names(300);
  const std::vector<IndexItem> items = items_of(names);
  for (std::size_t size = 0; size <= items.size(); size += size < 64 ? 1 : 59) {
    const test::AlignedBytes out(index_size(size));
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      std::ranges::fill(out.span(), std::byte{0});
      const auto built = build_index({items.data(), size}, kIndexId, mix64(seed, 1), 1, out.span());
      ASSERT_TRUE(built) << size << " names: " << built.error().text;
      const Places places = places_of(IndexView(out.span()));
      ASSERT_EQ(places.in_first + places.in_second, size);
    }
  }
}

TEST(IndexBuilder, AnIndexOfNothingIsOneLine) {
  EXPECT_EQ(index_size(0), sizeof(IndexHeader) + sizeof(IndexLine));
}

}  // namespace
}  // namespace dialtone::abi
