// SPDX-License-Identifier: Apache-2.0
//
// What a manifest and the messages of an offer say of an object's bytes: their XXH3-128, or, of
// more than one block, the XXH3-128 of the digests of all blocks. So a build may take the digest of
// each block while a cache still holds what it has written there, on as many threads as it has.
// Pure; any thread.
#pragma once

#include "dataplane/base/digest.h"
#include "dataplane/base/spread.h"

#include <cstddef>
#include <span>

namespace dialtone::abi {

// A block begins at each multiple of this; the last one may be shorter.
inline constexpr std::size_t kDigestBlock = std::size_t{256} << 10;

constexpr std::size_t digest_blocks(std::size_t bytes) noexcept {
  return (bytes + kDigestBlock - 1) / kDigestBlock;
}

// Of an object whose blocks have these digests, in order.
Digest object_digest_of(std::span<const Digest> blocks) noexcept;

Digest object_digest(std::span<const std::byte> object) noexcept;

// The same, of an object of many blocks by several threads.
Digest object_digest_over(std::span<const std::byte> object, const Spread& spread);

}  // namespace dialtone::abi
