// SPDX-License-Identifier: Apache-2.0
//
// The asset folder: every regular file below it is a file to serve, under its path from the folder.
// scan() reads what is new or different since the scan before (size, time, inode) and says what is
// gone; a file that cannot be read, or that somebody is writing, keeps its last good content, and
// so does all that lies in a subfolder that cannot be read. Names that begin with a dot are left
// out: editors and rsync put half-written files there. One thread; blocks on the disk.
#pragma once

#include "control/assets/asset_limit.h"
#include "control/assets/list_folder.h"
#include "control/assets/load_state.h"
#include "control/image/file_table.h"
#include "control/image/image.h"
#include "dataplane/base/diagnostic.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace dialtone::assets {

// What a file is to a phone, by its canonical name (facts: cisco-tftp 8).
abi::FileClass class_of(std::string_view canonical_name) noexcept;

class AssetFolder {
 public:
  // `hold_loads`: a .loads file is not served before all that it lists is there. `most`: bytes of
  // a file; a larger one is a fault and is not read.
  explicit AssetFolder(std::string path, bool huge_pages = false, bool hold_loads = true,
                       std::uint64_t most = kNoLimit)
      : path_(std::move(path)), huge_pages_(huge_pages), most_(most), loads_(hold_loads) {}

  // What differs from the scan before; the first brings everything. `before` is what all scans
  // before have given, together. `faults` gets each file that is not served as it lies there, with
  // the cure. An Error (the folder is gone, memory is short) changes nothing, and the next scan
  // tries again.
  Result<image_build::ImageChange> scan(const image_build::FileTable& before, Diagnostics& faults);

  // As the file lies in the folder; empty: none was read under that name.
  std::string spelled(const std::string& canonical_name) const;

  // As of the last scan.
  const LoadStates& loads() const noexcept { return loads_.states(); }

 private:
  std::string path_;
  bool huge_pages_;
  std::uint64_t most_;
  FileStamps known_;  // of what was read
  Loads loads_;
};

}  // namespace dialtone::assets
