// SPDX-License-Identifier: Apache-2.0
#include "control/backup/staged_assets.h"

#include "control/assets/beneath.h"

#include <stdio.h>
#include <stdlib.h>

#include <cerrno>
#include <filesystem>

namespace dialtone::backup {

namespace fs = std::filesystem;

namespace {

Result<void> move_beneath(const std::string& folder, const std::string& from,
                          const std::string& to) {
  const auto source = assets::parent_beneath(folder, from, /*make=*/false);
  const auto target = assets::parent_beneath(folder, to, /*make=*/true);
  if (!source || !target) {
    return source ? target.error() : source.error();
  }
  return ::renameat(source->fd.get(), source->leaf.c_str(), target->fd.get(),
                    target->leaf.c_str()) == 0
             ? Result<void>()
             : errno_error("moving " + folder + '/' + from + " to " + folder + '/' + to, errno);
}

}  // namespace

Result<StagedAssets> StagedAssets::create(const std::string& folder) {
  std::string staging = folder + "/.dialtone-restore-XXXXXX";
  if (::mkdtemp(staging.data()) == nullptr) {
    return errno_error("making a folder in " + folder, errno);
  }
  std::error_code error;
  fs::create_directory(staging + "/new", error);
  fs::create_directory(staging + "/old", error);
  return StagedAssets(folder, staging.substr(folder.size() + 1));
}

StagedAssets::StagedAssets(StagedAssets&& other) noexcept
    : folder_(std::move(other.folder_)),
      staging_(std::exchange(other.staging_, {})),
      moves_(std::exchange(other.moves_, {})) {}

StagedAssets::~StagedAssets() {
  if (staging_.empty()) {
    return;
  }
  for (auto move = moves_.rbegin(); move != moves_.rend(); ++move) {
    (void)move_beneath(folder_, move->second, move->first);
  }
  std::error_code ignored;
  fs::remove_all(folder_ + '/' + staging_, ignored);
}

Result<void> StagedAssets::move(const std::string& from, const std::string& to) {
  DIALTONE_TRY(move_beneath(folder_, from, to));
  moves_.emplace_back(from, to);
  return {};
}

Result<void> StagedAssets::apply(const std::vector<std::string>& old_paths,
                                 const std::vector<std::string>& new_paths) {
  for (const std::string& path : old_paths) {
    DIALTONE_TRY(move(path, staging_ + "/old/" + path));
  }
  for (const std::string& path : new_paths) {
    // No backup has what is too large, or cannot be looked at; should the rest fail, it comes back.
    std::error_code ignored;
    const auto in_the_way = fs::symlink_status(folder_ + "/" + path, ignored);
    if (fs::is_regular_file(in_the_way) || fs::is_symlink(in_the_way)) {
      DIALTONE_TRY(move(path, staging_ + "/old/" + path));
    }
    DIALTONE_TRY(move(staging_ + "/new/" + path, path));
  }
  return {};
}

}  // namespace dialtone::backup
