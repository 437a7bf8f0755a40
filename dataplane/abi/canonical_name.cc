// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/canonical_name.h"

#include <emmintrin.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

namespace dialtone::abi {
namespace {

constexpr bool is_slash(char c) noexcept {
  return c == '/' || c == '\\';
}

// A part between slashes that a canonical name may not have.
constexpr bool is_forbidden_part(std::string_view part) noexcept {
  return part.empty() || part == "." || part == "..";
}

constexpr std::size_t kVector = 16;
static_assert(sizeof(CanonicalName::bytes) >= kVector);

// One bit for each byte of a vector.
struct Marks {
  std::uint32_t slashes;
  std::uint32_t controls;
};

// 16 bytes: letters to lower case, `\` to `/`. As signed bytes, 0x80 and above are below all that
// is looked for, and are no control bytes.
Marks fold_vector(const char* from, char* to) noexcept {
  const auto all = [](char c) { return _mm_set1_epi8(c); };
  __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  const __m128i upper =
      _mm_and_si128(_mm_cmpgt_epi8(v, all('A' - 1)), _mm_cmplt_epi8(v, all('Z' + 1)));
  v = _mm_or_si128(v, _mm_and_si128(upper, all('a' - 'A')));
  v = _mm_xor_si128(v, _mm_and_si128(_mm_cmpeq_epi8(v, all('\\')), all('\\' ^ '/')));
  const __m128i control =
      _mm_or_si128(_mm_and_si128(_mm_cmpgt_epi8(v, all(-1)), _mm_cmplt_epi8(v, all(0x20))),
                   _mm_cmpeq_epi8(v, all(0x7f)));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), v);
  return {static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(v, all('/')))),
          static_cast<std::uint32_t>(_mm_movemask_epi8(control))};
}

}  // namespace

bool canonicalize(std::string_view name, CanonicalName& out) noexcept {
  out.length = 0;
  if (!name.empty() && is_slash(name.front())) {
    name.remove_prefix(1);
  }
  const std::size_t size = name.size();
  if (size == 0 || size > kMaxNameLength) {
    return false;
  }
  const char* from = name.data();
  if (size < kVector) {
    std::memset(out.bytes, 'x', kVector);  // neither a slash nor a control byte
    std::memcpy(out.bytes, from, size);
    from = out.bytes;
  }
  // The last vector ends with the name: it may have bytes of the one before it once more.
  const std::size_t last = size < kVector ? 0 : size - kVector;
  std::size_t part_begin = 0;
  for (std::size_t done = 0; done < size;) {
    const std::size_t begin = std::min(done, last);
    Marks marks = fold_vector(from + begin, out.bytes + begin);
    if (marks.controls != 0) {
      return false;
    }
    marks.slashes &= ~0u << (done - begin);
    for (; marks.slashes != 0; marks.slashes &= marks.slashes - 1) {
      const std::size_t at = begin + static_cast<std::size_t>(std::countr_zero(marks.slashes));
      if (is_forbidden_part({out.bytes + part_begin, at - part_begin})) {
        return false;
      }
      part_begin = at + 1;
    }
    done = begin + kVector;
  }
  if (is_forbidden_part({out.bytes + part_begin, size - part_begin})) {
    return false;
  }
  out.length = size;
  return true;
}

bool is_canonical(std::string_view name) noexcept {
  CanonicalName canonical;
  return canonicalize(name, canonical) && canonical.view() == name;
}

}  // namespace dialtone::abi
