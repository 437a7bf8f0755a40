// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/object_digest.h"

#include <algorithm>
#include <vector>

namespace dialtone::abi {
namespace {

// What a thread takes at a time: a millisecond or two.
constexpr std::size_t kBlocksPerPart = 64;

Digest block_digest(std::span<const std::byte> object, std::size_t block) noexcept {
  const std::size_t at = block * kDigestBlock;
  return digest_of(object.subspan(at, std::min(kDigestBlock, object.size() - at)));
}

}  // namespace

Digest object_digest_of(std::span<const Digest> blocks) noexcept {
  return blocks.size() == 1 ? blocks.front() : digest_of(std::as_bytes(blocks));
}

Digest object_digest(std::span<const std::byte> object) noexcept {
  if (object.size() <= kDigestBlock) {
    return digest_of(object);
  }
  DigestStream blocks;
  for (std::size_t i = 0; i < digest_blocks(object.size()); ++i) {
    const Digest block = block_digest(object, i);
    blocks.update(std::as_bytes(std::span(&block, 1)));
  }
  return blocks.finish();
}

Digest object_digest_over(std::span<const std::byte> object, const Spread& spread) {
  std::vector<Digest> blocks(digest_blocks(object.size()));
  if (blocks.size() <= kBlocksPerPart) {
    return object_digest(object);
  }
  spread.run((blocks.size() + kBlocksPerPart - 1) / kBlocksPerPart, [&](std::size_t part) {
    const std::size_t begin = part * kBlocksPerPart;
    const std::size_t end = std::min(begin + kBlocksPerPart, blocks.size());
    for (std::size_t i = begin; i < end; ++i) {
      blocks[i] = block_digest(object, i);
    }
  });
  return object_digest_of(blocks);
}

}  // namespace dialtone::abi
