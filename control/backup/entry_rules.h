// SPDX-License-Identifier: Apache-2.0
//
// What a file of the asset folder may be called in a backup, and what is kept of its versions: what
// `files put` would refuse is refused here too, else control could not change it any more. One
// thread.
#pragma once

#include "dataplane/base/diagnostic.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace dialtone::backup {

class EntryRules {
 public:
  // Of the path from the asset folder; nothing: it is a good one. `file` names the archive.
  std::optional<Diagnostic> bad_asset(const std::string& file, const std::string& path);
  // Of the path from the folder of versions.
  static std::optional<Diagnostic> bad_version(const std::string& file, std::string_view path);
  // Of such a path that is a record, and its text.
  static std::optional<Diagnostic> bad_record(const std::string& file, std::string_view path,
                                              std::string_view text);
  static bool is_record(std::string_view path) noexcept;

 private:
  std::set<std::string> names_;  // canonical
};

}  // namespace dialtone::backup
