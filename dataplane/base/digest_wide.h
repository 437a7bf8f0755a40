// SPDX-License-Identifier: Apache-2.0
//
// XXH3-128 by the 32-byte registers of AVX2, for digest.cc, which knows whether the processor has
// them. Plain types alone: digest_avx2.cc says why.
#pragma once

namespace dialtone {

struct WideDigest {
  unsigned long low;
  unsigned long high;
};

WideDigest digest_avx2(const void* bytes, unsigned long size) noexcept;

}  // namespace dialtone
