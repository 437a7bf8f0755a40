// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/json_depth.h"

#include "dataplane/base/json_marks.h"

namespace dialtone {

std::optional<std::size_t> find_deep_json(std::string_view text) noexcept {
  int depth = 0;
  std::optional<std::size_t> deep;
  visit_json_marks(text, [&](char mark, std::size_t offset) {
    if (mark == '[' || mark == '{') {
      ++depth;
    } else if (mark != ',' && depth > 0) {
      --depth;
    }
    if (depth > kMaxJsonDepth) {
      deep = offset;
    }
    return !deep;
  });
  return deep;
}

}  // namespace dialtone
