// SPDX-License-Identifier: Apache-2.0
#include "control/api/message_bounds.h"

#include "dataplane/base/json_depth.h"
#include "dataplane/base/json_marks.h"

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
  Result<void> checked;
  visit_json_marks(text, [&](char mark, std::size_t) {
    if ((mark == '[' || mark == '{') && depth < kMaxJsonDepth) {
      levels[++depth] = {mark == '{', 0};
      ++values;
    } else if ((mark == ']' || mark == '}') && depth > 0) {
      --depth;
    } else if (mark == ',') {
      ++values;
      if (++levels[depth].commas == kMaxKeys && levels[depth].is_object) {
        checked = refused("an object of a message has more than " + std::to_string(kMaxKeys) +
                          " keys; send less at once, or import a file");
        return false;
      }
    }
    if (values > kMaxValues) {
      checked = refused("a message has more than " + std::to_string(kMaxValues) +
                        " values; send less at once, or import a file");
    }
    return checked.ok();
  });
  return checked;
}

}  // namespace dialtone::api
