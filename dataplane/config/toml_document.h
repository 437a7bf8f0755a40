// SPDX-License-Identifier: Apache-2.0
//
// The parsed file behind TomlFile, and what its two .cc files share. Private to this folder: it is
// the only place that includes toml++, whose exceptions are switched off.
#pragma once

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
// toml++ 3.3.0 asserts, and in a release build assumes, what "[.x]" breaks; behind it stands the
// check that gives an error. So it may do neither.
#define TOML_ASSERT(expression) static_assert(true)
#pragma push_macro("NDEBUG")
#undef NDEBUG
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")

#include "dataplane/base/diagnostic.h"

#include <string>
#include <string_view>
#include <vector>

namespace dialtone::config {

struct TomlDocument {
  toml::table root;
};

inline const toml::table* table_of(const TomlDocument* document, const std::string& name) {
  return document == nullptr ? nullptr : document->root[name].as_table();
}

inline const toml::node* node_of(const TomlDocument* document, const std::string& table,
                                 std::string_view key) {
  const toml::table* found = table_of(document, table);
  return found == nullptr ? nullptr : found->get(key);
}

// "unknown WHAT; did you mean 'x'?", or the list of names when none is near.
inline std::string unknown_text(const std::string& what, std::string_view word,
                                const std::vector<std::string_view>& names) {
  std::string text = "unknown " + what;
  if (const std::string near = nearest_word(word, names); !near.empty()) {
    return text + "; did you mean '" + near + "'?";
  }
  text += "; known: ";
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += (i == 0 ? "" : ", ") + std::string(names[i]);
  }
  return text;
}

}  // namespace dialtone::config
