// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/object_digest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <vector>

namespace dialtone::abi {
namespace {

std::vector<std::byte> bytes_of(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<std::byte>(i * 131 + i / 257);
  }
  return bytes;
}

TEST(ObjectDigest, OfOneBlockIsThatOfItsBytes) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kDigestBlock}) {
    const auto bytes = bytes_of(size);
    EXPECT_EQ(object_digest(bytes), digest_of(bytes)) << size;
  }
}

TEST(ObjectDigest, OfMoreIsThatOfTheDigestsOfTheBlocks) {
  for (const std::size_t size : {kDigestBlock + 1, 2 * kDigestBlock, 2 * kDigestBlock + 100}) {
    const auto bytes = bytes_of(size);
    std::vector<Digest> blocks;
    for (std::size_t at = 0; at < size; at += kDigestBlock) {
      blocks.push_back(digest_of(std::span(bytes).subspan(at, std::min(kDigestBlock, size - at))));
    }
    EXPECT_EQ(blocks.size(), digest_blocks(size));
    EXPECT_EQ(object_digest(bytes), object_digest_of(blocks)) << size;
    EXPECT_EQ(object_digest(bytes), digest_of(std::as_bytes(std::span(blocks))));
  }
}

TEST(ObjectDigest, EveryByteCounts) {
  auto bytes = bytes_of(kDigestBlock + 1000);
  const Digest before = object_digest(bytes);
  for (const std::size_t at :
       {std::size_t{0}, kDigestBlock - 1, kDigestBlock, kDigestBlock + 999}) {
    bytes[at] ^= std::byte{1};
    EXPECT_NE(object_digest(bytes), before) << at;
    bytes[at] ^= std::byte{1};
  }
}

TEST(ObjectDigest, IsTheSameByAnyNumberOfThreads) {
  for (const std::size_t size : {std::size_t{0}, kDigestBlock, 64 * kDigestBlock,
                                 64 * kDigestBlock + 1, 150 * kDigestBlock + 7}) {
    const auto bytes = bytes_of(size);
    for (const int threads : {1, 2, 5}) {
      EXPECT_EQ(object_digest_over(bytes, Spread(threads)), object_digest(bytes)) << size;
    }
  }
}

}  // namespace
}  // namespace dialtone::abi
