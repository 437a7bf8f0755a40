// SPDX-License-Identifier: Apache-2.0
//
// From the asset folder to files: all that lies in it, whether it is served or hidden by a built
// file of the same name. One thread; blocks on the disk.
#pragma once

#include "control/assets/asset_folder.h"
#include "control/image/file_table.h"
#include "control/image/image.h"
#include "dataplane/base/diagnostic.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace dialtone::build {

// The code of the fault that the folder as a whole could not be read.
inline constexpr std::string_view kUnreadFolder = "asset-folder";

class AssetBuilder {
 public:
  // An empty path: there is no folder, and never a file.
  AssetBuilder(std::string path, bool huge_pages, bool hold_loads, std::uint64_t most)
      : path_(std::move(path)), folder_(path_, huge_pages, hold_loads, most) {}

  // What differs from the scan before. An Error (the folder is gone) changes nothing.
  Result<image_build::ImageChange> scan();

  const image_build::FileTable& files() const noexcept { return files_; }
  // As it lies in the folder; empty: it does not.
  std::string spelled(const std::string& name) const { return folder_.spelled(name); }

  const assets::LoadStates& loads() const noexcept { return folder_.loads(); }

  // Of the last scan, an Error among them, and files that one in `served` hides.
  Diagnostics faults(const image_build::FileTable& served) const;

  // Takes over where `served` has the same content. Files that have moved there, or were read again
  // without a change, would else keep their old segments in memory for this table alone.
  void adopt(const image_build::FileTable& served);

 private:
  std::string path_;
  assets::AssetFolder folder_;
  image_build::FileTable files_;
  Diagnostics faults_;
};

bool is_built(const image_build::FileTable& files, std::string_view name) noexcept;

}  // namespace dialtone::build
