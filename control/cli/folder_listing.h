// SPDX-License-Identifier: Apache-2.0
//
// The files of a folder that somebody gives to be put or imported. Blocks on the disk; one thread.
#pragma once

#include "dataplane/base/diagnostic.h"

#include <string>
#include <vector>

namespace dialtone::cli {

struct ListedFile {
  std::string path;  // to open
  std::string name;  // from the folder
};

// Who must be able to read a file: in.tftpd serves only what everybody can.
enum class Readers { kWeAlone, kEverybody };

// Every regular file below it, by name, and symlinks that lead to one of them. `faults` names all
// else: symlinks that lead elsewhere, nowhere or to a folder, devices, pipes, sockets, what cannot
// be read, and names that are no UTF-8. Names that begin with a dot go into `hidden`, and are left
// out.
std::vector<ListedFile> list_source_folder(const std::string& folder, Readers readers,
                                           Diagnostics& faults, std::vector<std::string>& hidden);

}  // namespace dialtone::cli
