// SPDX-License-Identifier: Apache-2.0
#include "control/api/message_bounds.h"

#include "dataplane/base/json_depth.h"

#include <array>
#include <string>

namespace dialtone::api {

Result<void> check_bounds(std::string_view text) {
  struct Level {
    bool is_object = false;
    std::size_t commas = 0;
  };
  std::array<Level, kMaxJsonDepth + 1> levels{};
  std::size_t depth = 0;
  std::size_t values = 1;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      i += c == '\\' ? 1 : 0;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if ((c == '[' || c == '{') && depth < kMaxJsonDepth) {
      levels[++depth] = {c == '{', 0};
      ++values;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    } else if (c == ',') {
      ++values;
      if (++levels[depth].commas == kMaxKeys && levels[depth].is_object) {
        return refused("an object of a message has more than " + std::to_string(kMaxKeys) +
                       " keys; send less at once, or import a file");
      }
    }
    if (values > kMaxValues) {
      return refused("a message has more than " + std::to_string(kMaxValues) +
                     " values; send less at once, or import a file");
    }
  }
  return {};
}

}  // namespace dialtone::api
