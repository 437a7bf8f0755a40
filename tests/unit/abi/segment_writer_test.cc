// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/segment_writer.h"

#include "tests/support/test_image.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace dialtone::abi {
namespace {

// RFC 1071 by the book: 16-bit words in network order, an odd last byte padded with zero.
std::uint16_t reference_sum(std::string_view bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    const auto high = static_cast<std::uint8_t>(bytes[i]);
    const auto low = i + 1 < bytes.size() ? static_cast<std::uint8_t>(bytes[i + 1]) : 0;
    sum += static_cast<std::uint32_t>(high << 8 | low);
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return static_cast<std::uint16_t>(sum);
}

TEST(SegmentWriter, SumsOfEachUnitFollowRfc1071) {
  std::string content(1301, '\0');
  for (std::size_t i = 0; i < content.size(); ++i) {
    content[i] = static_cast<char>(i * 197 + 250);
  }
  std::uint16_t sums[3];
  write_sums(std::as_bytes(std::span(content)), sums);
  for (std::size_t unit = 0; unit < 3; ++unit) {
    EXPECT_EQ(__builtin_bswap16(sums[unit]), reference_sum(content.substr(unit * 512, 512)));
  }
}

TEST(SegmentWriter, FilesOfOneChunkDoNotTouchEachOther) {
  test::TestImage image;
  image.add("a", std::string(513, 'a')).add("b", "").add("c", std::string(64, 'c')).build();
  for (const auto& [name, size] : {std::pair{"a", 513u}, {"b", 0u}, {"c", 64u}}) {
    const auto file = image.live().view.find(name);
    ASSERT_TRUE(file) << name;
    EXPECT_EQ(file->name(), name);
    ASSERT_EQ(file->bytes().size(), size);
    EXPECT_EQ(file->record->digest, digest_of(file->bytes()));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(file->content) % kCacheLine, 0u);
    for (std::byte b : file->bytes()) {
      ASSERT_EQ(static_cast<char>(b), name[0]);
    }
  }
}

// Chunks of 4 KiB in which something has been already.
class UsedSpace : public SegmentSpace {
 public:
  explicit UsedSpace(int left) { std::memset(memory_.span().data(), left, memory_.span().size()); }
  Result<Chunk> claim(std::size_t min_bytes) override {
    const std::size_t offset = next_;
    next_ += align_up(min_bytes, 4096);
    return Chunk{memory_.span().subspan(offset, next_ - offset), offset};
  }
  std::span<const std::byte> used() const { return memory_.span().first(next_); }

 private:
  test::AlignedBytes memory_{std::size_t{1} << 20};
  std::size_t next_ = 0;
};

TEST(SegmentWriter, WhatLayInAChunkIsNotInTheSegment) {
  UsedSpace one(0);
  UsedSpace other(0xee);
  for (UsedSpace* space : {&one, &other}) {
    SegmentWriter writer(*space);
    for (const std::size_t length : {0u, 1u, 63u, 64u, 511u, 512u, 513u, 3000u, 9001u}) {
      ASSERT_TRUE(writer.begin("given-up", 2000));
      auto room = writer.begin("name-of-" + std::to_string(length), length + 100);
      ASSERT_TRUE(room);
      std::memset(room->data(), 'x', length);
      writer.commit(length, {});
    }
  }
  ASSERT_EQ(one.used().size(), other.used().size());
  EXPECT_EQ(std::memcmp(one.used().data(), other.used().data(), one.used().size()), 0);
}

TEST(SegmentWriter, ClaimsMoreThanAChunkForALargeFile) {
  test::HeapSpace space(1 << 20, 4096);
  SegmentWriter writer(space);
  auto room = writer.begin("load.bin", 100000);
  ASSERT_TRUE(room);
  EXPECT_EQ(room->size(), 100000u);
  const FilePlace place = writer.commit(99999, {});
  EXPECT_EQ(place.length, 99999u);
}

TEST(SegmentWriter, AFullSpaceIsAnErrorAndLosesNoFile) {
  test::HeapSpace space(3 * 4096, 4096);
  SegmentWriter writer(space);
  ASSERT_TRUE(writer.begin("first", 100));
  const FilePlace first = writer.commit(100, {});
  EXPECT_FALSE(writer.begin("too-large", 100000));
  ASSERT_TRUE(writer.begin("second", 100));
  const FilePlace second = writer.commit(100, {});
  EXPECT_GT(second.offset, first.offset);
}

}  // namespace
}  // namespace dialtone::abi
