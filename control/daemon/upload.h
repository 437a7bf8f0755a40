// SPDX-License-Identifier: Apache-2.0
//
// Files that a client sends to be laid into the asset folder, and what is common to the commands
// that change that folder. Private to them. The thread of the Service.
#pragma once

#include "control/assets/asset_store.h"
#include "control/daemon/commands.h"
#include "dataplane/base/mapping.h"

#include <string>
#include <vector>

namespace dialtone::daemon {

struct Upload {
  Mapping bytes;  // of all files, in their order
  std::vector<assets::NewFile> files;
};

// "files", a list of {name, length}, and the attachment. kRefused: they do not fit together, as
// when the client ended in the middle.
Result<Upload> read_upload(const Request& request);

// A command that changes the asset folder, and waits for its publish unless "wait" says not to.
struct FolderChange {
  assets::AssetStore* store = nullptr;
  bool wait = true;
  std::uint64_t previous = 0;   // generation
  build::BuildReport report{};  // what came of it
};
Result<FolderChange> begin_folder_change(Service& service, const Arguments& arguments);

// Builds what the folder has now, for AssetStore::Publish: `report` gets what came of it.
assets::AssetStore::Publish follow_folder(Service& service, build::BuildReport& report);

// What a client reads of a change, with its publish pending. Faults of other files are left out.
Answer folder_answer(Service& service, const assets::StoreReport& done, FolderChange change);

}  // namespace dialtone::daemon
