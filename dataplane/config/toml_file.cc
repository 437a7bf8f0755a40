// SPDX-License-Identifier: Apache-2.0
#include "dataplane/config/toml_file.h"

#include "dataplane/config/toml_document.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

namespace dialtone::config {
namespace {

// Reads all of `path`; returns errno.
int read_file(const std::string& path, std::string& out) {
  std::FILE* file = std::fopen(path.c_str(), "re");
  if (file == nullptr) {
    return errno;
  }
  char buffer[4096];
  std::size_t got;
  while ((got = std::fread(buffer, 1, sizeof(buffer), file)) > 0) {
    out.append(buffer, got);
  }
  const int result = std::ferror(file) != 0 ? errno : 0;
  std::fclose(file);
  return result;
}

}  // namespace

TomlFile TomlFile::read(const std::string& path, Diagnostics& faults) {
  std::string text;
  if (const int error = read_file(path, text); error != 0) {
    faults.push_back({path, 0, 0, "unreadable",
                      std::generic_category().message(error) + "; name a TOML file with --config"});
    return {};
  }
  return parse(text, path, faults);
}

TomlFile TomlFile::parse(std::string_view text, std::string name, Diagnostics& faults) {
  TomlFile file;
  file.name_ = std::move(name);
  toml::parse_result result = toml::parse(text);
  if (!result) {
    const toml::parse_error& error = result.error();
    faults.push_back({file.name_, error.source().begin.line, error.source().begin.column, "syntax",
                      std::string(error.description())});
    return file;
  }
  file.document_ = std::make_shared<TomlDocument>(TomlDocument{std::move(result).table()});
  return file;
}

void TomlFile::expect_tables(std::initializer_list<std::string_view> names,
                             Diagnostics& faults) const {
  if (broken()) {
    return;
  }
  for (auto&& [key, node] : document_->root) {
    const bool known = std::find(names.begin(), names.end(), key.str()) != names.end();
    const toml::source_position place = key.source().begin;
    const std::string text(key.str());
    if (!known && node.is_table()) {
      faults.push_back({name_, place.line, place.column, "unknown-table",
                        unknown_text("table [" + text + "]", text, names)});
    } else if (!known) {
      faults.push_back({name_, place.line, place.column, "unknown-key",
                        "'" + text +
                            "' stands before the first [table]; move it into the table that it "
                            "belongs to"});
    } else if (!node.is_table()) {
      faults.push_back({name_, place.line, place.column, "wrong-type",
                        "'" + text + "' must be a table: begin it with [" + text + "]"});
    }
  }
}

TomlTable TomlFile::table(std::string_view name, Diagnostics& faults) const {
  return TomlTable(name_, name, document_, faults);
}

}  // namespace dialtone::config
