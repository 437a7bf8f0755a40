// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/canonical_name.h"

namespace dialtone::abi {
namespace {

constexpr bool is_control(unsigned char c) noexcept {
  return c < 0x20 || c == 0x7f;
}

constexpr char fold(char c) noexcept {
  if (c >= 'A' && c <= 'Z') {
    return static_cast<char>(c - 'A' + 'a');
  }
  return c == '\\' ? '/' : c;
}

// A part between slashes that a canonical name may not have.
constexpr bool is_forbidden_part(std::string_view part) noexcept {
  return part.empty() || part == "." || part == "..";
}

}  // namespace

bool canonicalize(std::string_view name, CanonicalName& out) noexcept {
  out.length = 0;
  if (!name.empty() && fold(name.front()) == '/') {
    name.remove_prefix(1);
  }
  if (name.empty() || name.size() > kMaxNameLength) {
    return false;
  }
  std::size_t part_begin = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (is_control(static_cast<unsigned char>(name[i]))) {
      return false;
    }
    out.bytes[i] = fold(name[i]);
    if (out.bytes[i] == '/') {
      if (is_forbidden_part({out.bytes + part_begin, i - part_begin})) {
        return false;
      }
      part_begin = i + 1;
    }
  }
  if (is_forbidden_part({out.bytes + part_begin, name.size() - part_begin})) {
    return false;
  }
  out.length = name.size();
  return true;
}

bool is_canonical(std::string_view name) noexcept {
  CanonicalName canonical;
  return canonicalize(name, canonical) && canonical.view() == name;
}

}  // namespace dialtone::abi
