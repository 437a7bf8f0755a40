// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/name_key.h"

#include "dataplane/base/hash.h"

#include <tmmintrin.h>

#include <array>
#include <cstring>
#include <optional>

namespace dialtone::abi {
namespace {

// Prefix and suffix codes are their positions here; both tables may only grow (kImageVersion). They
// hold the MAC-shaped names of facts: cisco-tftp 2.3 and 9.6.
constexpr std::array<std::string_view, 9> kPrefixes = {
    "sep", "sip", "ata", "ctlsep", "itlsep", "mgc", "vgc", "ld", "gk",
};
constexpr std::array<std::string_view, 6> kSuffixes = {
    ".cnf.xml", ".cnf.xml.sgn", ".cnf.xml.enc.sgn", ".tlv", ".cnf", "",
};

constexpr std::uint64_t kHashedPrefix = 0xff;
constexpr std::size_t kMacDigits = 12;

// Twelve digits of a MAC as canonical names write it, in lower case.
std::optional<std::uint64_t> parse_mac(const char* digits) noexcept {
  const auto all = [](char c) { return _mm_set1_epi8(c); };
  std::uint64_t eight;
  std::uint32_t four;
  std::memcpy(&eight, digits, sizeof(eight));
  std::memcpy(&four, digits + sizeof(eight), sizeof(four));
  const __m128i v = _mm_set_epi64x(four, static_cast<long long>(eight));
  const auto between = [&](char first, char last) {
    return _mm_and_si128(_mm_cmpgt_epi8(v, all(static_cast<char>(first - 1))),
                         _mm_cmplt_epi8(v, all(static_cast<char>(last + 1))));
  };
  const __m128i letter = between('a', 'f');
  constexpr int kTwelve = 0xfff;
  if ((_mm_movemask_epi8(_mm_or_si128(letter, between('0', '9'))) & kTwelve) != kTwelve) {
    return std::nullopt;
  }
  // 'a' is 0x61: its low half and nine more are its value.
  const __m128i values = _mm_add_epi8(_mm_and_si128(v, all(0x0f)), _mm_and_si128(letter, all(9)));
  // Pairs to bytes: the even one times 16, the odd one added. Then the first byte is the highest.
  const __m128i pairs = _mm_maddubs_epi16(values, _mm_set1_epi16(0x0110));
  const auto bytes = static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm_packus_epi16(pairs, pairs)));
  return __builtin_bswap64(bytes) >> 16;
}

// prefix:8 | mac:48 | suffix:8
std::optional<std::uint64_t> exact_key(std::string_view name) noexcept {
  for (std::size_t prefix = 0; prefix < kPrefixes.size(); ++prefix) {
    const std::size_t begin = kPrefixes[prefix].size();
    if (name.size() < begin + kMacDigits || !name.starts_with(kPrefixes[prefix])) {
      continue;
    }
    const auto mac = parse_mac(name.data() + begin);
    if (!mac) {
      continue;
    }
    const std::string_view rest = name.substr(begin + kMacDigits);
    for (std::size_t suffix = 0; suffix < kSuffixes.size(); ++suffix) {
      if (rest == kSuffixes[suffix]) {
        return static_cast<std::uint64_t>(prefix) << 56 | *mac << 8 | suffix;
      }
    }
  }
  return std::nullopt;
}

}  // namespace

NameKey name_key(std::string_view canonical_name, std::uint64_t seed) noexcept {
  if (const auto exact = exact_key(canonical_name)) {
    return {mix64(*exact, seed), true};
  }
  const std::uint64_t hash = keyed_hash(canonical_name, seed) >> 8;
  return {mix64(kHashedPrefix << 56 | hash, seed), false};
}

}  // namespace dialtone::abi
