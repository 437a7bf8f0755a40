// SPDX-License-Identifier: Apache-2.0
#include "generator/shared/version_stamp.h"

#include <cstddef>

namespace dialtone::generator {

std::string version_stamp(std::uint64_t changed_s, const Uuid& stamp) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text = std::to_string(changed_s) + "-";
  for (std::size_t i = 0; i < stamp.bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) {
      text += '-';
    }
    text += kDigits[stamp.bytes[i] >> 4];
    text += kDigits[stamp.bytes[i] & 0xf];
  }
  return text;
}

}  // namespace dialtone::generator
