// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/object_digest.h"

#include <algorithm>

namespace dialtone::abi {

Digest object_digest_of(std::span<const Digest> blocks) noexcept {
  return blocks.size() == 1 ? blocks.front() : digest_of(std::as_bytes(blocks));
}

Digest object_digest(std::span<const std::byte> object) noexcept {
  if (object.size() <= kDigestBlock) {
    return digest_of(object);
  }
  DigestStream blocks;
  for (std::size_t at = 0; at < object.size(); at += kDigestBlock) {
    const Digest block = digest_of(object.subspan(at, std::min(kDigestBlock, object.size() - at)));
    blocks.update(std::as_bytes(std::span(&block, 1)));
  }
  return blocks.finish();
}

}  // namespace dialtone::abi
