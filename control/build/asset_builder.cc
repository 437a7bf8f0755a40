// SPDX-License-Identifier: Apache-2.0
#include "control/build/asset_builder.h"

#include "control/build/hidden_asset.h"

#include <utility>
#include <vector>

namespace dialtone::build {

using image_build::FileEntry;
using image_build::FileTable;
using image_build::ImageChange;

Result<ImageChange> AssetBuilder::scan() {
  if (path_.empty()) {
    return ImageChange{};
  }
  Diagnostics faults;
  auto change = folder_.scan(files_, faults);
  if (!change) {
    faults_ = {{path_, 0, 0, std::string(kUnreadFolder), change.error().text}};
    return change.error();
  }
  faults_ = std::move(faults);
  for (const std::string& name : change->gone) {
    files_.erase(name);
  }
  for (const auto& [name, entry] : change->put) {
    files_.put(name, entry);
  }
  return change;
}

Diagnostics AssetBuilder::faults(const FileTable& served) const {
  Diagnostics all = faults_;
  for (const auto& [name, entry] : files_) {
    if (is_built(served, name)) {
      const auto built = served.find(name)->record().file_class;
      all.push_back({path_ + "/" + name, 0, 0, std::string(kHidden), hidden_by(built)});
    }
  }
  return all;
}

void AssetBuilder::adopt(const FileTable& served) {
  std::vector<std::pair<std::string, const FileEntry*>> moved;
  for (const auto& [name, entry] : files_) {
    const FileEntry* same = served.find(name);
    if (same != nullptr && same->segment != entry.segment && same->is_same_as(entry)) {
      moved.emplace_back(name, same);
    }
  }
  for (const auto& [name, entry] : moved) {
    files_.put(name, *entry);
  }
}

bool is_built(const FileTable& files, std::string_view name) noexcept {
  const FileEntry* file = files.find(name);
  return file != nullptr && file->place.origin == abi::Origin::kBuilt;
}

}  // namespace dialtone::build
