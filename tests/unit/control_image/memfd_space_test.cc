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

#include <algorithm>
#include <array>
#include <cstring>
#include <thread>
#include <vector>

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

// Chunks in which blocks of the digest lie, which the threads note side by side.
TEST(MemfdSpace, ManyThreadsMayClaimWriteAndDigest) {
  constexpr std::size_t kOfBlocks = 2 * abi::kDigestBlock;
  auto made = MemfdSpace::create(Pages::kSmall, kOfBlocks);
  ASSERT_TRUE(made.ok());
  std::unique_ptr<MemfdSpace> space = *std::move(made);
  std::vector<std::thread> threads;
  for (int i = 1; i <= 4; ++i) {
    threads.emplace_back([&space, i] {
      for (int n = 0; n < 20; ++n) {
        const auto chunk = space->claim(1);
        ASSERT_TRUE(chunk.ok());
        const auto first = abi::kDigestBlock - chunk->offset % abi::kDigestBlock;
        std::memset(chunk->bytes.data(), i, first);
        std::memset(chunk->bytes.data() + first, i + 4, chunk->bytes.size() - first);
        space->done(*chunk);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  const auto segment = MemfdSpace::finish(std::move(space));
  ASSERT_TRUE(segment.ok());
  const auto bytes = (*segment)->bytes();
  ASSERT_EQ(bytes.size(), 80 * kOfBlocks);
  EXPECT_EQ((*segment)->digest, abi::object_digest(bytes));
  std::array<int, 9> blocks{};
  for (std::size_t at = 0; at < bytes.size(); at += abi::kDigestBlock) {
    const auto block = bytes.subspan(at, abi::kDigestBlock).subspan(at == 0 ? kCacheLine : 0);
    ++blocks.at(static_cast<std::size_t>(block[0]));
    EXPECT_EQ(std::count(block.begin(), block.end(), block[0]),
              static_cast<std::ptrdiff_t>(block.size()))
        << at;
  }
  EXPECT_EQ(blocks, (std::array<int, 9>{0, 20, 20, 20, 20, 20, 20, 20, 20}));
}

TEST(MemfdSpace, AWriteThatFailsIsToldByTheNextClaimAndAtTheEnd) {
  test::FakeMemory memory;
  auto space = new_space();
  const auto chunk = space->claim(1);
  ASSERT_TRUE(chunk.ok());
  memory.limit_writes(0);
  space->done(*chunk);
  const auto next = space->claim(1);
  ASSERT_FALSE(next.ok());
  EXPECT_NE(next.error().text.find("writing a segment: No space left"), std::string::npos)
      << next.error().text;
  const auto segment = MemfdSpace::finish(std::move(space));
  ASSERT_FALSE(segment.ok());
  EXPECT_EQ(segment.error().text, next.error().text);
}

TEST(MemfdSpace, AWriteInPiecesIsWhole) {
  test::FakeMemory memory;
  memory.limit_writes(1000);
  auto space = new_space();
  const auto chunk = space->claim(1);
  ASSERT_TRUE(chunk.ok());
  for (std::size_t at = 0; at < chunk->bytes.size(); ++at) {
    chunk->bytes[at] = std::byte(at % 251);
  }
  space->done(*chunk);
  const auto segment = MemfdSpace::finish(std::move(space));
  ASSERT_TRUE(segment.ok());
  const auto bytes = (*segment)->bytes().subspan(kCacheLine);
  ASSERT_EQ(bytes.size(), kChunk - kCacheLine);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    ASSERT_EQ(bytes[at], std::byte(at % 251)) << at;
  }
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
