// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/digest.h"

#include "dataplane/base/digest_wide.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstdio>

namespace dialtone {
namespace {

const bool has_avx2 = [] {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") != 0;
}();

// Of less, xxHash makes no use of wide registers.
constexpr std::size_t kWideFrom = 241;

// By the registers that every machine has.
Digest digest_narrow(std::span<const std::byte> bytes) noexcept {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.low64, hash.high64};
}

}  // namespace

Digest digest_of(std::span<const std::byte> bytes) noexcept {
  if (!has_avx2 || bytes.size() < kWideFrom) {
    return digest_narrow(bytes);
  }
  const WideDigest digest = digest_avx2(bytes.data(), bytes.size());
  return {digest.low, digest.high};
}

std::string to_hex(const Digest& digest) {
  char text[33];
  std::snprintf(text, sizeof(text), "%016llx%016llx", static_cast<unsigned long long>(digest.high),
                static_cast<unsigned long long>(digest.low));
  return text;
}

struct DigestStream::State {
  XXH3_state_t xxh;
};

DigestStream::DigestStream() : state_(std::make_unique<State>()) {
  XXH3_128bits_reset(&state_->xxh);
}
DigestStream::~DigestStream() = default;

void DigestStream::update(std::span<const std::byte> bytes) noexcept {
  XXH3_128bits_update(&state_->xxh, bytes.data(), bytes.size());
}

Digest DigestStream::finish() const noexcept {
  const XXH128_hash_t hash = XXH3_128bits_digest(&state_->xxh);
  return {hash.low64, hash.high64};
}

}  // namespace dialtone
