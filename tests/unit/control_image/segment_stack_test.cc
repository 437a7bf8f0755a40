// SPDX-License-Identifier: Apache-2.0
#include "control/image/segment_stack.h"

#include "dataplane/abi/image_validate.h"
#include "tests/unit/control_image/fake_memory.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>
#include <string>

namespace dialtone::image_build {
namespace {

constexpr std::size_t kMegabyte = 1 << 20;
constexpr std::size_t kLength = 150'000;

std::string content_of(int number) {
  return std::string(kLength, static_cast<char>('a' + number % 26));
}

Result<void> add(SegmentStack& stack, int number) {
  auto room = stack.begin("file" + std::to_string(number), kLength);
  if (!room) {
    return room.error();
  }
  std::memcpy(room->data(), content_of(number).data(), kLength);
  stack.commit(kLength, {});
  return {};
}

// Each file is there with its content, in segments that a dataplane takes; the pages of each.
std::multiset<Pages> check(const SegmentStack::Files& files, std::size_t wanted) {
  std::set<ObjectPtr> segments;
  EXPECT_EQ(files.size(), wanted);
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto& [name, entry] = files[i];
    if (entry.segment == nullptr) {
      ADD_FAILURE() << name << " has no segment";
      continue;
    }
    EXPECT_EQ(name, "file" + std::to_string(i));
    const auto bytes = entry.content();
    EXPECT_TRUE(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()) ==
                content_of(static_cast<int>(i)))
        << name;
    segments.insert(entry.segment);
  }
  std::multiset<Pages> pages;
  for (const ObjectPtr& segment : segments) {
    const abi::SegmentRef ref{segment->id, segment->size, segment->digest};
    EXPECT_TRUE(abi::validate_segment(segment->bytes(), ref).ok());
    pages.insert(segment->pages);
  }
  return pages;
}

TEST(SegmentStack, FilesLieOnHugePagesWhenEnoughAreFree) {
  const test::FakeMemory memory(10);
  SegmentStack stack(6 * kMegabyte, true);
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(add(stack, i).ok());
  }
  const auto files = stack.finish();
  ASSERT_TRUE(files.ok()) << files.error().text;
  EXPECT_EQ(check(*files, 40), (std::multiset<Pages>{Pages::kHuge}));
}

TEST(SegmentStack, WhenHugePagesRunOutMidwayTheRestGoesToOrdinaryOnes) {
  for (const int pages : {0, 1, 2, 3, 4}) {
    const test::FakeMemory memory(pages);
    SegmentStack stack(12 * kMegabyte, true);
    for (int i = 0; i < 80; ++i) {
      const auto added = add(stack, i);
      ASSERT_TRUE(added.ok()) << added.error().text << " with " << pages;
    }
    const auto files = stack.finish();
    ASSERT_TRUE(files.ok()) << files.error().text << " with " << pages;
    EXPECT_EQ(check(*files, 80), pages == 0 ? (std::multiset<Pages>{Pages::kSmall})
                                            : (std::multiset<Pages>{Pages::kSmall, Pages::kHuge}));
  }
}

TEST(SegmentStack, AKernelWithoutHugePagesGivesOrdinaryOnes) {
  const test::FakeMemory memory(test::FakeMemory::kNone);
  SegmentStack stack(6 * kMegabyte, true);
  const auto added = add(stack, 0);
  ASSERT_TRUE(added.ok()) << added.error().text;
  const auto files = stack.finish();
  ASSERT_TRUE(files.ok());
  EXPECT_EQ(check(*files, 1), (std::multiset<Pages>{Pages::kSmall}));
}

TEST(SegmentStack, ASegmentThatCannotBeSealedIsAnErrorForGood) {
  test::FakeMemory memory;
  SegmentStack stack;
  ASSERT_TRUE(add(stack, 0).ok());
  memory.fail_all(true);
  EXPECT_FALSE(stack.finish().ok());
  memory.fail_all(false);
  EXPECT_FALSE(add(stack, 1).ok());
  EXPECT_FALSE(stack.finish().ok());
}

TEST(SegmentStack, SoItIsWhenThatHappensWhereHugePagesRunOut) {
  test::FakeMemory memory(2);
  SegmentStack stack(6 * kMegabyte, true);
  ASSERT_TRUE(add(stack, 0).ok());
  memory.fail_all(true);
  Result<void> added;
  for (int i = 1; added.ok(); ++i) {
    added = add(stack, i);
  }
  memory.fail_all(false);
  EXPECT_FALSE(add(stack, 1).ok());
  EXPECT_FALSE(stack.finish().ok());
}

TEST(SegmentStack, AFileThatFindsNoMemoryHarmsNoOther) {
  test::FakeMemory memory;
  SegmentStack stack;
  ASSERT_TRUE(add(stack, 0).ok());
  memory.fail_all(true);
  EXPECT_FALSE(add(stack, 1).ok());
  memory.fail_all(false);
  ASSERT_TRUE(add(stack, 1).ok());
  const auto files = stack.finish();
  ASSERT_TRUE(files.ok());
  EXPECT_EQ(check(*files, 2), (std::multiset<Pages>{Pages::kSmall}));
}

}  // namespace
}  // namespace dialtone::image_build
