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

std::string excerpt(std::string_view text, std::size_t most) {
  std::string_view rest = text;
  for (std::size_t count = 0; count < most && !rest.empty(); ++count) {
    rest.remove_prefix(std::max<std::size_t>(first_code_point(rest).bytes, 1));
  }
  std::string out(text.substr(0, text.size() - rest.size()));
  return rest.empty() ? out : out + "...";
}

}  // namespace dialtone
