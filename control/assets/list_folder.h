// SPDX-License-Identifier: Apache-2.0
//
// What lies in a folder, without reading it: every regular file below it, symlinks to files
// included; symlinks to folders and names that begin with a dot left out. Blocks; one thread.
#pragma once

#include "dataplane/base/diagnostic.h"
#include "dataplane/base/result.h"

#include <sys/stat.h>

#include <cstdint>
#include <map>
#include <string>

namespace dialtone::assets {

// Tells whether a file is still the one that was read.
struct FileStamp {
  std::string path;
  std::uint64_t size = 0;
  timespec modified{};
  timespec changed{};  // a file of the same size may be given its old time of modification
  std::uint64_t inode = 0;
  std::string md5{};  // of what was read, once a list of a load has asked for it; empty: none has

  bool same_as(const FileStamp& other) const noexcept;
};

using FileStamps = std::map<std::string, FileStamp>;  // by canonical name

// `known` is what was found and read before: where a file or a subfolder cannot be looked at, what
// is known of it is taken over as it is, for nobody can say that it is gone. That is a fault, as is
// a name that cannot be served. An Error: the folder itself cannot be listed.
Result<FileStamps> list_folder(const std::string& folder, const FileStamps& known,
                               Diagnostics& faults);

}  // namespace dialtone::assets
