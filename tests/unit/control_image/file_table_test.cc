// SPDX-License-Identifier: Apache-2.0
//
// The table against a map that does the same in the plainest way.
#include "control/image/file_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

namespace dialtone::image_build {
namespace {

FileEntry file(std::uint64_t content) {
  return {nullptr, {content * 64, content % 100, {content, content}}};
}

void expect_same(const FileTable& table, const std::map<std::string, std::uint64_t>& model) {
  ASSERT_EQ(table.size(), model.size());
  std::uint64_t bytes = 0;
  for (const auto& [name, content] : model) {
    const FileEntry* found = table.find(name);
    ASSERT_NE(found, nullptr) << name;
    EXPECT_EQ(found->place.offset, content * 64);
    bytes += content % 100;
  }
  EXPECT_EQ(table.content_bytes(), bytes);
  std::size_t walked = 0;
  for (const auto& [name, entry] : table) {
    EXPECT_EQ(model.at(name) * 64, entry.place.offset);
    ++walked;
  }
  EXPECT_EQ(walked, model.size());
}

TEST(FileTable, IsAMap) {
  FileTable table;
  std::map<std::string, std::uint64_t> model;
  std::mt19937_64 random(1);
  for (int step = 0; step < 20'000; ++step) {
    const std::string name = "sep" + std::to_string(random() % 500) + ".cnf.xml";
    const std::uint64_t content = random() % 1'000'000;
    if (random() % 3 == 0) {
      EXPECT_EQ(table.erase(name), model.erase(name) == 1);
    } else {
      table.put(name, file(content));
      model.insert_or_assign(name, content);
    }
    EXPECT_EQ(table.find(name) != nullptr, model.contains(name));
    if (step % 997 == 0) {
      expect_same(table, model);
    }
  }
  expect_same(table, model);
  EXPECT_EQ(table.find("not-there"), nullptr);
}

TEST(FileTable, TheDigestIsThatOfTheFilesWhateverCameBefore) {
  FileTable one;
  FileTable other;
  other.reserve(1000);
  for (std::uint64_t i = 0; i < 100; ++i) {
    one.put("file" + std::to_string(i), file(i));
    other.put("file" + std::to_string(99 - i), file(99 - i));
  }
  EXPECT_EQ(one.content_digest(), other.content_digest());
  EXPECT_EQ(one.count_differences(other), 0u);
  const Digest before = one.content_digest();
  one.put("file7", file(1000));
  EXPECT_NE(one.content_digest(), before);
  EXPECT_EQ(one.count_differences(other), 1u);
  one.put("file7", file(7));
  one.put("more", file(5));
  EXPECT_EQ(one.count_differences(other), 1u);
  one.erase("more");
  EXPECT_EQ(one.content_digest(), before);
  EXPECT_EQ(FileTable().count_differences(one), 100u);
  EXPECT_EQ(one.count_differences(FileTable()), 100u);
  for (std::uint64_t i = 0; i < 100; ++i) {
    EXPECT_TRUE(one.erase("file" + std::to_string(i)));
  }
  EXPECT_EQ(one.content_digest(), Digest());
  EXPECT_EQ(one.content_bytes(), 0u);
}

// Enough that several threads have some.
TEST(FileTable, AllAtOnceGivesWhatOneByOneGives) {
  constexpr std::uint64_t kFiles = 40'000;
  FileTable one_by_one;
  FileTable::Files files;
  for (std::uint64_t i = 0; i < kFiles; ++i) {
    const std::string name = "file" + std::to_string(i % 9 == 0 ? i / 2 : i);  // some twice
    one_by_one.put(name, file(i));
    files.emplace_back(name, file(i));
  }
  for (const int threads : {1, 2, 3}) {
    const FileTable all(files, Spread(threads));
    EXPECT_LT(all.size(), kFiles);
    EXPECT_EQ(all.size(), one_by_one.size());
    EXPECT_EQ(all.content_digest(), one_by_one.content_digest());
    EXPECT_EQ(all.content_bytes(), one_by_one.content_bytes());
    EXPECT_EQ(all.count_differences(one_by_one, Spread(threads)), 0u);
    for (const auto& [name, entry] : one_by_one) {
      ASSERT_NE(all.find(name), nullptr) << name;
      ASSERT_TRUE(all.find(name)->same_content_as(entry)) << name;
    }
  }
  EXPECT_EQ(FileTable(FileTable::Files()).size(), 0u);
}

// As the last of all, and several of one name.
TEST(FileTable, OfSeveralOfOneNameTheLastOneCounts) {
  FileTable table({{"a", file(1)}, {"b", file(2)}, {"a", file(3)}, {"c", file(4)}, {"a", file(5)}});
  EXPECT_EQ(table.size(), 3u);
  EXPECT_TRUE(table.find("a")->same_content_as(file(5)));
  EXPECT_TRUE(table.find("b")->same_content_as(file(2)));
  EXPECT_TRUE(table.find("c")->same_content_as(file(4)));
  for (const char* name : {"a", "b", "c"}) {
    EXPECT_TRUE(table.erase(name));
  }
  EXPECT_EQ(table.content_digest(), Digest());
}

}  // namespace
}  // namespace dialtone::image_build
