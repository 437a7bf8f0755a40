// SPDX-License-Identifier: Apache-2.0
#include "control/image/memfd_space.h"

#include "control/image/segment_stack.h"
#include "dataplane/abi/image_validate.h"
#include "tests/unit/control_image/fake_memory.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/stat.h>

#include <cstring>
#include <thread>

namespace dialtone::image_build {
namespace {

constexpr std::size_t kChunk = 64 * 1024;

std::unique_ptr<MemfdSpace> new_space() {
  auto space = MemfdSpace::create(Pages::kSmall, kChunk);
  EXPECT_TRUE(space.ok());
  return *std::move(space);
}

TEST(MemfdSpace, ChunksAreBackedAndDoNotOverlap) {
  auto space = new_space();
  const auto one = space->claim(100);
  const auto two = space->claim(3 * kChunk - 1);
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_EQ(one->offset, kCacheLine);
  EXPECT_EQ(one->bytes.size(), kChunk - kCacheLine);
  EXPECT_EQ(two->offset, kChunk);
  EXPECT_EQ(two->bytes.size(), 3 * kChunk);
  EXPECT_EQ(two->bytes[3 * kChunk - 1], std::byte{0});
}

TEST(MemfdSpace, ABufferIsWrittenWhenItsChunkIsDone) {
  auto space = new_space();
  for (const int value : {1, 2, 3}) {
    const auto chunk = space->claim(1);
    ASSERT_TRUE(chunk.ok());
    std::memset(chunk->bytes.data(), value, chunk->bytes.size());
    space->done(*chunk);
  }
  const auto segment = MemfdSpace::finish(std::move(space));
  ASSERT_TRUE(segment.ok());
  const auto bytes = (*segment)->bytes();
  ASSERT_EQ(bytes.size(), 3 * kChunk);
  for (std::size_t at = kCacheLine; at < bytes.size(); ++at) {
    ASSERT_EQ(bytes[at], std::byte(at / kChunk + 1)) << at;
  }
}

// Of large chunks most blocks are digested as they are written, of others at the end.
TEST(MemfdSpace, TheDigestIsThatOfTheBytesWhateverTheChunks) {
  for (const std::size_t chunk :
       {std::size_t{4096}, kChunk, abi::kDigestBlock, std::size_t{1} << 20}) {
    for (const std::size_t large : {std::size_t{1}, std::size_t{3} << 20}) {
      auto made = MemfdSpace::create(Pages::kSmall, chunk);
      ASSERT_TRUE(made.ok());
      std::unique_ptr<MemfdSpace> space = *std::move(made);
      int value = 1;
      for (const std::size_t size : {std::size_t{1}, large, std::size_t{1}, chunk}) {
        const auto claimed = space->claim(size);
        ASSERT_TRUE(claimed.ok());
        std::memset(claimed->bytes.data(), value++, claimed->bytes.size());
        space->done(*claimed);
      }
      const auto segment = MemfdSpace::finish(std::move(space));
      ASSERT_TRUE(segment.ok());
      EXPECT_EQ((*segment)->digest, abi::object_digest((*segment)->bytes())) << chunk;
    }
  }
}

TEST(MemfdSpace, ASegmentIsSealedAndValid) {
  auto space = new_space();
  auto writer = std::make_unique<abi::SegmentWriter>(*space);
  auto room = writer->begin("a.txt", 5);
  ASSERT_TRUE(room.ok());
  std::memcpy(room->data(), "hello", 5);
  const abi::FilePlace place = writer->commit(5, {});
  writer.reset();
  const auto segment = MemfdSpace::finish(std::move(space));
  ASSERT_TRUE(segment.ok()) << segment.error().text;
  const abi::SegmentRef ref{(*segment)->id, (*segment)->size, (*segment)->digest};
  EXPECT_TRUE(abi::validate_segment((*segment)->bytes(), ref).ok());
  const auto& record =
      *reinterpret_cast<const abi::FileRecord*>((*segment)->bytes().data() + place.offset);
  EXPECT_EQ(std::memcmp((*segment)->bytes().data() + record.content_offset, "hello", 5), 0);

  const int fd = (*segment)->fd.get();
  constexpr int kWanted = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
  EXPECT_EQ(::fcntl(fd, F_GET_SEALS) & kWanted, kWanted);
  EXPECT_LT(::write(fd, "x", 1), 0);
  EXPECT_LT(::ftruncate(fd, 0), 0);
  struct stat status {};
  ASSERT_EQ(::fstat(fd, &status), 0);
  EXPECT_GE(status.st_blocks * 512, status.st_size);  // no holes: a dataplane refuses them
}

TEST(MemfdSpace, AnEmptySegmentIsValidToo) {
  const auto segment = MemfdSpace::finish(new_space());
  ASSERT_TRUE(segment.ok());
  const abi::SegmentRef ref{(*segment)->id, (*segment)->size, (*segment)->digest};
  EXPECT_TRUE(abi::validate_segment((*segment)->bytes(), ref).ok());
}

TEST(MemfdSpace, ManyThreadsMayClaim) {
  auto space = new_space();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&space, i] {
      for (int n = 0; n < 50; ++n) {
        const auto chunk = space->claim(1);
        ASSERT_TRUE(chunk.ok());
        std::memset(chunk->bytes.data(), i, chunk->bytes.size());
        space->done(*chunk);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(space->used(), 200 * kChunk);
}

TEST(MemfdSpace, AClaimThatFailsTakesNothing) {
  test::FakeMemory memory;
  auto space = new_space();
  ASSERT_TRUE(space->claim(1).ok());
  memory.fail_all(true);
  EXPECT_FALSE(space->claim(2 * kChunk).ok());
  memory.fail_all(false);
  EXPECT_EQ(space->used(), kChunk);
  EXPECT_EQ(space->claim(1)->offset, kChunk);
}

TEST(MemfdSpace, AClaimThatFailsBeforeAnotherLeavesAGapThatIsFilled) {
  test::FakeMemory memory;
  auto space = new_space();
  memory.fail_next_after([&space] { ASSERT_TRUE(space->claim(1).ok()); });
  EXPECT_FALSE(space->claim(2 * kChunk).ok());
  EXPECT_EQ(space->used(), 4 * kChunk);
  const auto segment = MemfdSpace::finish(std::move(space));
  ASSERT_TRUE(segment.ok());
  struct stat status {};
  ASSERT_EQ(::fstat((*segment)->fd.get(), &status), 0);
  EXPECT_GE(status.st_blocks * 512, status.st_size);
}

TEST(MemfdSpace, ASegmentOfMoreThanFourGigabytesIsRefusedBeforeMemoryIsTaken) {
  auto space = new_space();
  EXPECT_FALSE(space->claim(abi::kMaxSegmentBytes).ok());
  EXPECT_TRUE(space->empty());
  SegmentStack stack;
  EXPECT_FALSE(stack.begin("huge", std::size_t{1} << 32).ok());
}

}  // namespace
}  // namespace dialtone::image_build
