// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/word_sum.h"

#include <immintrin.h>

#include <algorithm>
#include <cstring>

namespace dialtone {
namespace {

// The multiply-add of two neighbours wants signed words: 2^15 is taken from each, and given back
// at the end. A 32-bit lane moves by at most 2^16 with each register, so it holds for 2^14 of them.
constexpr std::uint64_t kBias = 0x8000;
constexpr std::size_t kMostRegisters = std::size_t{1} << 14;

std::int64_t lanes_sum(__m128i lanes) noexcept {
  alignas(16) std::int32_t each[4];
  _mm_store_si128(reinterpret_cast<__m128i*>(each), lanes);
  return std::int64_t{each[0]} + each[1] + each[2] + each[3];
}

// `count` pairs of registers, from `from` on.
std::int64_t biased_sum(const std::byte* from, std::size_t count) noexcept {
  const __m128i bias = _mm_set1_epi16(static_cast<short>(kBias));
  const __m128i ones = _mm_set1_epi16(1);
  __m128i even = _mm_setzero_si128();
  __m128i odd = _mm_setzero_si128();
  for (std::size_t i = 0; i < count; ++i, from += 32) {
    const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + 16));
    even = _mm_add_epi32(even, _mm_madd_epi16(_mm_xor_si128(a, bias), ones));
    odd = _mm_add_epi32(odd, _mm_madd_epi16(_mm_xor_si128(b, bias), ones));
  }
  return lanes_sum(even) + lanes_sum(odd);
}

// The same with registers that are twice as wide.
__attribute__((target("avx2"))) std::int64_t biased_sum_avx2(const std::byte* from,
                                                             std::size_t count) noexcept {
  const __m256i bias = _mm256_set1_epi16(static_cast<short>(kBias));
  const __m256i ones = _mm256_set1_epi16(1);
  __m256i sum = _mm256_setzero_si256();
  for (std::size_t i = 0; i < count; ++i, from += 32) {
    const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
    sum = _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_xor_si256(a, bias), ones));
  }
  return lanes_sum(_mm256_castsi256_si128(sum)) + lanes_sum(_mm256_extracti128_si256(sum, 1));
}

const bool has_avx2 = [] {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") != 0;
}();

std::uint64_t tail_sum(const std::byte* from, std::size_t left) noexcept {
  std::uint64_t sum = 0;
  for (; left >= 4; from += 4, left -= 4) {
    std::uint32_t word;
    std::memcpy(&word, from, 4);
    sum += word;
  }
  if (left >= 2) {
    std::uint16_t word;
    std::memcpy(&word, from, 2);
    sum += word;
    from += 2;
    left -= 2;
  }
  return left == 0 ? sum : sum + static_cast<std::uint8_t>(*from);
}

template <typename BiasedSum>
std::uint64_t sum_with(BiasedSum biased_sum, std::span<const std::byte> bytes) noexcept {
  const std::byte* from = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t sum = 0;
  while (left >= 64) {
    const std::size_t count = std::min(left / 32, kMostRegisters);
    sum += static_cast<std::uint64_t>(biased_sum(from, count)) + kBias * 16 * count;
    from += 32 * count;
    left -= 32 * count;
  }
  return sum + tail_sum(from, left);
}

}  // namespace

std::uint64_t word_sum(std::span<const std::byte> bytes) noexcept {
  return sum_with(has_avx2 ? biased_sum_avx2 : biased_sum, bytes);
}

std::uint64_t word_sum_narrow(std::span<const std::byte> bytes) noexcept {
  return sum_with(biased_sum, bytes);
}

}  // namespace dialtone
