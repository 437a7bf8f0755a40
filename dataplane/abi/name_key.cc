// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/name_key.h"

#include "dataplane/abi/name_shape.h"
#include "dataplane/base/hash.h"

#include <tmmintrin.h>

#include <cstring>
#include <optional>
#include <type_traits>
#include <utility>

namespace dialtone::abi {
namespace {

constexpr std::uint64_t kHashedPrefix = 0xff;

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

// The code of the string that `matches` holds for; kNone when there is none. Unrolled, so that each
// compare has a constant size and is no call.
constexpr std::size_t kNone = ~std::size_t{0};

template <const auto& kTable, typename Matches>
std::size_t code_of(Matches matches) noexcept {
  std::size_t code = kNone;
  const auto look = [&]<std::size_t... kCodes>(std::index_sequence<kCodes...>) {
    static_cast<void>(((matches(std::integral_constant<std::size_t, kTable[kCodes].size()>{},
                                kTable[kCodes].data()) &&
                        (code = kCodes, true)) ||
                       ...));
  };
  look(std::make_index_sequence<kTable.size()>{});
  return code;
}

struct ExactKey {
  std::uint64_t key;  // prefix:8 | mac:48 | suffix:8
  std::uint8_t shape;
};

// So the first that a name begins with is the only one.
static_assert(
    [] {
      for (const std::string_view one : kShapePrefixes) {
        for (const std::string_view other : kShapePrefixes) {
          if (one != other && one.starts_with(other)) {
            return false;
          }
        }
      }
      return true;
    }(),
    "no prefix is the begin of another one");

std::optional<ExactKey> exact_key(std::string_view name) noexcept {
  const std::size_t prefix = code_of<kShapePrefixes>([&](auto size, const char* text) {
    return name.size() >= size + kMacDigits && std::memcmp(name.data(), text, size) == 0;
  });
  if (prefix == kNone) {
    return std::nullopt;
  }
  name.remove_prefix(kShapePrefixes[prefix].size());
  const auto mac = parse_mac(name.data());
  if (!mac) {
    return std::nullopt;
  }
  name.remove_prefix(kMacDigits);
  const std::size_t suffix = code_of<kShapeSuffixes>([&](auto size, const char* text) {
    return name.size() == size && std::memcmp(name.data(), text, size) == 0;
  });
  if (suffix == kNone) {
    return std::nullopt;
  }
  return ExactKey{static_cast<std::uint64_t>(prefix) << 56 | *mac << 8 | suffix,
                  shape_of(prefix, suffix)};
}

}  // namespace

NameKey name_key(std::string_view canonical_name, std::uint64_t seed) noexcept {
  if (const auto exact = exact_key(canonical_name)) {
    return {mix64(exact->key, seed), true, exact->shape};
  }
  const std::uint64_t hash = keyed_hash(canonical_name, seed) >> 8;
  return {mix64(kHashedPrefix << 56 | hash, seed), false, 0};
}

std::optional<std::uint8_t> name_shape(std::string_view canonical_name) noexcept {
  const auto exact = exact_key(canonical_name);
  return exact ? std::optional(exact->shape) : std::nullopt;
}

}  // namespace dialtone::abi
