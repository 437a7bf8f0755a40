// SPDX-License-Identifier: Apache-2.0
#include "control/backup/entry_rules.h"

#include "control/assets/asset_change.h"
#include "control/assets/asset_place.h"
#include "dataplane/base/printable.h"

#include <utility>

namespace dialtone::backup {

std::optional<Diagnostic> EntryRules::bad_asset(const std::string& file, const std::string& path) {
  const std::string quoted = '\'' + printable(path) + "': ";
  if (auto bad = assets::bad_asset_name(path)) {
    return Diagnostic{file, 0, 0, bad->code, quoted + bad->text};
  }
  if (!names_.insert(assets::canonical_asset_name(path)).second) {
    return Diagnostic{file, 0, 0, "same-name",
                      quoted +
                          "another file of the backup has the same name but for upper and lower "
                          "case; clients see no difference"};
  }
  return std::nullopt;
}

std::optional<Diagnostic> EntryRules::bad_version(const std::string& file, std::string_view path) {
  if (assets::kept_file(path) != assets::KeptFile::kNone) {
    return std::nullopt;
  }
  return Diagnostic{file, 0, 0, "bad-entry",
                    '\'' + printable(path) + "' is neither a version of a file nor a record"};
}

std::optional<Diagnostic> EntryRules::bad_record(const std::string& file, std::string_view path,
                                                 std::string_view text) {
  const auto sound = assets::check_record(path, text);
  if (sound) {
    return std::nullopt;
  }
  return Diagnostic{file, 0, 0, "bad-record",
                    '\'' + printable(path) + "' is no record of versions: " + sound.error().text};
}

bool EntryRules::is_record(std::string_view path) noexcept {
  return assets::kept_file(path) == assets::KeptFile::kRecord;
}

}  // namespace dialtone::backup
