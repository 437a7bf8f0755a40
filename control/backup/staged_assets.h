// SPDX-License-Identifier: Apache-2.0
//
// The files of a backup, laid beside those of the asset folder and then put in their place: file by
// file, since the folder itself may be a mount or a link. Until keep(), undo() brings back what was
// there. Blocks on the disk; one thread.
#pragma once

#include "dataplane/base/result.h"

#include <string>
#include <utility>
#include <vector>

namespace dialtone::backup {

class StagedAssets {
 public:
  // A folder in `folder` whose name begins with a dot, so that nothing in it is served.
  static Result<StagedAssets> create(const std::string& folder);
  StagedAssets(StagedAssets&& other) noexcept;
  StagedAssets& operator=(StagedAssets&&) = delete;
  ~StagedAssets();  // undoes what was not kept; removes the staging folder

  std::string path() const { return folder_ + '/' + staging_ + "/new"; }

  // `old_paths` go, `new_paths`, which lie below path(), come; all are relative to the folder. They
  // may lie in folders that are not served, as versions of files do.
  Result<void> apply(const std::vector<std::string>& old_paths,
                     const std::vector<std::string>& new_paths);
  void keep() noexcept { moves_.clear(); }

 private:
  StagedAssets(std::string folder, std::string staging)
      : folder_(std::move(folder)), staging_(std::move(staging)) {}
  // Both from the folder, and by way of no symlink: who may write there must not lead it elsewhere.
  Result<void> move(const std::string& from, const std::string& to);

  std::string folder_;
  std::string staging_;                                     // from folder_
  std::vector<std::pair<std::string, std::string>> moves_;  // from, to; in order
};

}  // namespace dialtone::backup
