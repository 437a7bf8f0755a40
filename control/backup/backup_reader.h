// SPDX-License-Identifier: Apache-2.0
//
// Reads a backup, and trusts nothing in it: names that lead out of the folder, entries that the
// manifest does not have, bytes that have another digest are faults, all of which are listed. Cold;
// blocks on the disk; one thread.
#pragma once

#include "control/backup/backup_writer.h"
#include "dataplane/base/diagnostic.h"
#include "dataplane/base/result.h"

#include <optional>
#include <string>
#include <vector>

namespace dialtone::backup {

struct Backup {
  About about;
  std::optional<std::string> shared_rows;  // the texts of the entries; nothing: it has none
  std::optional<std::string> devices;
  std::optional<std::string> configuration;
  std::vector<std::string> assets;  // paths below the asset folder
  // The same of versions of assets, as the asset folder keeps them; nothing: of an older format,
  // which says nothing of them.
  std::optional<std::vector<std::string>> versions;
};

// `fd` is a regular file, read from its begin; `file` names it in faults. Assets and versions are
// written below the folder `staging`, which is there and empty; empty: they are only checked. An
// Error is one of the staging folder; with faults the result is of no use.
Result<Backup> read_backup(int fd, const std::string& file, const std::string& staging,
                           Diagnostics& faults);

}  // namespace dialtone::backup
