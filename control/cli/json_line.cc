// SPDX-License-Identifier: Apache-2.0
#include "control/cli/json_line.h"

#include <array>
#include <cstdio>

namespace dialtone::cli {

std::string json_line(const api::Json& document) {
  const std::string text = document.dump(-1, ' ', false, api::Json::error_handler_t::replace);
  std::string out;
  out.reserve(text.size() + 1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : '\0');
    // U+0080 to U+009F are 0xC2 and the number itself in UTF-8. Both kinds stand within strings
    // only, where an escape says the same.
    const bool is_c1 = byte == 0xC2 && next >= 0x80 && next <= 0x9F;
    if (byte != 0x7F && !is_c1) {
      out += text[i];
      continue;
    }
    std::array<char, 8> escape{};
    std::snprintf(escape.data(), escape.size(), "\\u%04x", is_c1 ? next : byte);
    out += escape.data();
    i += is_c1 ? 1 : 0;
  }
  return out + '\n';
}

api::Json failure_document(const Error& error) {
  api::Json document = api::Json::object();
  document["ok"] = false;
  document["code"] = static_cast<int>(error.code);
  document["error"] = error.text;
  return document;
}

}  // namespace dialtone::cli
