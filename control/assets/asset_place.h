// SPDX-License-Identifier: Apache-2.0
//
// Where in the asset folder a name lies, or would: clients know no upper and lower case, a disk
// does. An existing file is found in whatever spelling it has (the one that list_folder() serves,
// when there are several); a new one gets the spelling that was asked for, in the folders that are
// there. Symlinks to folders are not gone through, as they are not served. One thread; blocks on
// the disk; reads a folder once.
#pragma once

#include "dataplane/base/diagnostic.h"
#include "dataplane/base/result.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::assets {

struct AssetPlace {
  std::string name;     // canonical
  std::string path;     // from the folder, as it is spelled on the disk
  bool exists = false;  // a file, or a symlink
};

// Why nobody could be served a file of that name, with the cure; nothing: it is a good one.
std::optional<Diagnostic> bad_asset_name(std::string_view spelled);

// As clients ask for it; empty: no client can.
std::string canonical_asset_name(std::string_view spelled);

class PlaceFinder {
 public:
  explicit PlaceFinder(std::string folder) : folder_(std::move(folder)) {}

  // kRefused: something that is no folder is in the way, or the name is a folder's.
  Result<AssetPlace> find(std::string_view spelled);

 private:
  struct Walk {
    std::vector<std::string> parts;  // as they were asked for
    std::vector<std::string> files;  // that have this name, in any spelling
    std::string in_the_way;
  };
  using Names = std::multimap<std::string, std::string>;  // in lower case, as it is on the disk

  void walk(const std::string& folder, std::size_t part, Walk& walk);
  const Names& names_in(const std::string& folder);
  std::string new_path(const Walk& walk);

  std::string folder_;
  std::map<std::string, Names> read_;  // by path from the folder
};

}  // namespace dialtone::assets
