// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/dns/name.h"

namespace dialtone::emu {

NameEnd take_name(std::string_view& bytes, std::string& text) {
  constexpr std::size_t kPointer = 0xc0;
  text.clear();
  while (!bytes.empty()) {
    const std::size_t length = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    if (length == 0) {
      return NameEnd::kWhole;
    }
    if (length >= kPointer) {
      return NameEnd::kPointer;
    }
    if (length > kMaxLabel || length > bytes.size()) {
      return NameEnd::kBroken;
    }
    text.append(text.empty() ? "" : ".").append(bytes.substr(0, length));
    bytes.remove_prefix(length);
  }
  return NameEnd::kBroken;
}

}  // namespace dialtone::emu
