// SPDX-License-Identifier: Apache-2.0
//
// Whether SQLite would take a file for a new database, and have tables made in it: as it is of one
// that was cut off, or of a young one that was copied without the -wal file beside it, in which
// everything was. Any thread; blocks on the disk.
#pragma once

#include <string>

namespace dialtone::database {

// False when there is no file, or another program's.
bool is_empty_file(const std::string& path);

}  // namespace dialtone::database
