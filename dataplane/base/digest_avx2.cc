// SPDX-License-Identifier: Apache-2.0
//
// Compiled for processors with AVX2: nothing but xxHash, which is static here, may be in this file,
// or the linker could take its copy of an inline function for everybody.
#include "dataplane/base/digest_wide.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace dialtone {

WideDigest digest_avx2(const void* bytes, unsigned long size) noexcept {
  const XXH128_hash_t hash = XXH3_128bits(bytes, size);
  return {hash.low64, hash.high64};
}

}  // namespace dialtone
