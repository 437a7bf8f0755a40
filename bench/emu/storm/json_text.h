// SPDX-License-Identifier: Apache-2.0
//
// JSON as text. Names of files come from the network, or from a capture of it, as they were: bytes
// of them that are no UTF-8 become U+FFFD each, and nothing is thrown. Pure; any thread.
#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace dialtone::emu {

// On one line, or with so many spaces for each level.
inline std::string json_text(const nlohmann::json& document, int indent = -1) {
  return document.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace dialtone::emu
