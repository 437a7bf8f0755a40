// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/printable.h"

#include "dataplane/base/utf8.h"

#include <algorithm>

namespace dialtone {

std::string printable(std::string_view text, std::string_view keep) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    const std::size_t bytes = std::max<std::size_t>(point.bytes, 1);
    const bool is_kept = point.bytes == 1 && keep.find(text.front()) != keep.npos;
    if (point.bytes != 0 && (!is_unsafe(point.value) || is_kept)) {
      out += text.substr(0, bytes);
    } else {
      out += kReplacement;
    }
    text.remove_prefix(bytes);
  }
  return out;
}

}  // namespace dialtone
