// SPDX-License-Identifier: Apache-2.0
//
// What a change would build, before it is committed.
#include "control/build/builder.h"
#include "dataplane/base/check.h"

#include <algorithm>

namespace dialtone::build {

using image_build::FileEntry;

// A builder of its own, so that nothing of this one changes. It loads the campus as the open
// transaction sees it.
Result<ChangedFiles> DeviceBuilder::preview() {
  auto changes = database::read_changes(database_, last_seq_);
  if (!changes) {
    return changes.error();
  }
  if (changes->everything) {
    return ChangedFiles{.everything = true};
  }
  auto other = create(path_, database_, threads_, /*huge_pages=*/false);
  if (!other) {
    return other.error();
  }
  (*other)->shared_ = shared_;
  (*other)->gateways_ = gateways_;
  (*other)->other_files_ = other_files_;
  (*other)->set_formats(encoders_, default_policy_);
  changes->shared = true;
  return (*other)->render_changed(*changes);
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
