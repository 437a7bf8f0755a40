// SPDX-License-Identifier: Apache-2.0
//
// What `backup` and `restore` share. The archive comes and goes as an open file of the client, so
// that it may be of any size and lie wherever the client may write. Other commands wait meanwhile.
// One thread.
#pragma once

#include "control/daemon/commands.h"

#include <cstdint>
#include <string>
#include <vector>

namespace dialtone::daemon {

// The attachment of that number; anything but a regular file that is open for `access` (O_RDONLY or
// O_WRONLY) could keep this thread waiting, and is kUsage.
Result<int> archive_file(const Request& request, std::size_t index, int access);

Result<std::string> read_text(const std::string& path);

// Paths below the asset folder of what can be served out of it; empty without a folder. What cannot
// be looked at, or is above `asset_max_mb`, is left out, which is a warning: a backup does not have
// it, and a restore leaves it where it is.
Result<std::vector<std::string>> asset_paths(const Service& service,
                                             std::vector<std::string>& warnings);

// The same of what the asset folder keeps of versions of files.
Result<std::vector<std::string>> version_paths(const Service& service,
                                               std::vector<std::string>& warnings);

struct WrittenBackup {
  std::size_t rows = 0;
  std::size_t assets = 0;
  std::size_t versions = 0;  // files, of bytes and of what is known of them
  std::uint64_t bytes = 0;
};

// Rows of one moment, the configuration, and the asset folder with its versions as it is while it
// is read.
Result<WrittenBackup> write_backup(Service& service, int fd, std::vector<std::string>& warnings);

}  // namespace dialtone::daemon
