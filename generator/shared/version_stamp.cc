// SPDX-License-Identifier: Apache-2.0
#include "generator/shared/version_stamp.h"

#include <cstddef>

namespace dialtone::generator {

std::string uuid_text(const Uuid& uuid) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < uuid.bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) {
      text += '-';
    }
    text += kDigits[uuid.bytes[i] >> 4];
    text += kDigits[uuid.bytes[i] & 0xf];
  }
  return text;
}

std::string version_stamp(std::uint64_t changed_s, const Uuid& stamp) {
  return std::to_string(changed_s) + "-" + uuid_text(stamp);
}

}  // namespace dialtone::generator
