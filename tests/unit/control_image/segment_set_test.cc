// SPDX-License-Identifier: Apache-2.0
#include "control/image/segment_set.h"

#include "dataplane/abi/image_validate.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace dialtone::image_build {
namespace {

constexpr std::size_t kChunk = 64 * 1024;

void add(abi::SegmentSpace& space, const std::string& name, std::vector<abi::FilePlace>& places) {
  abi::SegmentWriter writer(space);
  auto room = writer.begin(name, name.size());
  ASSERT_TRUE(room.ok());
  std::memcpy(room->data(), name.data(), name.size());
  places.push_back(writer.commit(name.size(), {}));
}

std::string content(const std::vector<ObjectPtr>& segments, const abi::FilePlace& place) {
  const std::byte* base = segments[place.segment]->bytes().data();
  const auto& record = *reinterpret_cast<const abi::FileRecord*>(base + place.offset);
  return {reinterpret_cast<const char*>(base + record.content_offset), record.length};
}

TEST(SegmentSet, FilesOfManyThreadsAreFoundWhereTheirPlacesSay) {
  SegmentSet set(Pages::kSmall, kChunk);
  std::vector<std::vector<abi::FilePlace>> places(200);
  std::vector<std::thread> threads;
  for (std::size_t first = 0; first < 4; ++first) {
    threads.emplace_back([&, first] {
      for (std::size_t i = first; i < places.size(); i += 4) {
        add(set, "file" + std::to_string(i), places[i]);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  const auto segments = set.finish();
  ASSERT_TRUE(segments.ok());
  EXPECT_EQ(segments->size(), 4u);
  for (const ObjectPtr& segment : *segments) {
    const abi::SegmentRef ref{segment->id, segment->size, segment->digest};
    EXPECT_TRUE(abi::validate_segment(segment->bytes(), ref).ok());
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    ASSERT_EQ(places[i].size(), 1u);
    EXPECT_EQ(content(*segments, places[i].front()), "file" + std::to_string(i));
  }
}

TEST(SegmentSet, AFullSegmentIsLeftForANewOne) {
  SegmentSet set(Pages::kSmall, kChunk, 2 * kChunk);
  std::vector<abi::FilePlace> places;
  add(set, "first", places);
  add(set, "second", places);
  add(set, "third", places);
  EXPECT_EQ(places[0].segment, 0u);
  EXPECT_EQ(places[1].segment, 0u);
  EXPECT_EQ(places[2].segment, 1u);
  const auto segments = set.finish();
  ASSERT_TRUE(segments.ok());
  ASSERT_EQ(segments->size(), 2u);
  EXPECT_EQ(content(*segments, places[2]), "third");
}

TEST(SegmentSet, NothingWrittenIsNoSegment) {
  const auto segments = SegmentSet(Pages::kSmall, kChunk).finish();
  ASSERT_TRUE(segments.ok());
  EXPECT_TRUE(segments->empty());
}

}  // namespace
}  // namespace dialtone::image_build
