// SPDX-License-Identifier: Apache-2.0
//
// What a change would build, before it is committed.
#include "control/build/builder.h"
#include "dataplane/base/check.h"

#include <algorithm>

namespace dialtone::build {

using image_build::FileEntry;

Result<ChangedFiles> DeviceBuilder::preview() const {
  auto changes = database::read_changes(database_, last_seq_);
  if (!changes) {
    return changes.error();
  }
  const auto all = wants_all(database_, *changes);
  if (!all) {
    return all.error();
  }
  if (*all) {
    return ChangedFiles{.everything = true};
  }
  Built nobodys;
  return render_changed(database_, nullptr, *changes, nobodys);
}

Result<Preview> Builder::preview() {
  DIALTONE_CHECK(devices_ != nullptr);
  auto changed = devices_->preview();
  if (!changed) {
    return changed.error();
  }
  Preview preview{changed->everything, {}, std::move(changed->faults)};
  const image_build::FileTable& now = image_->files();
  for (const auto& [name, entry] : changed->files) {
    const FileEntry* old = now.find(name);
    if (old == nullptr || !old->same_content_as(entry)) {
      preview.files.push_back(name);
    }
  }
  for (const std::string& name : changed->gone) {
    if (now.find(name) != nullptr) {
      preview.files.push_back(name);
    }
  }
  std::sort(preview.files.begin(), preview.files.end());
  return preview;
}

}  // namespace dialtone::build
