// SPDX-License-Identifier: Apache-2.0
//
// What the folder of another TFTP server becomes here: which file is put under which names. Pure;
// the rules take some milliseconds for a thousand files, and no longer than their budget. The
// thread of the Service.
#pragma once

#include "control/assets/asset_store.h"
#include "control/import/remap_rules.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::daemon {

struct SourceFolder {
  std::string path;                        // for messages
  std::vector<std::string> roots;          // what rules call it: "/tftpboot"
  std::span<const assets::NewFile> files;  // by their paths from it
};

struct FolderPlan {
  std::vector<assets::NewFile> files;  // under the names that clients ask for, each once
  std::vector<std::string> paths;      // of each of them, where it comes from; for messages
  std::vector<std::string> left_out;   // files to which the rules lead no name
  std::vector<std::string> warnings;
};

// Faults: two files that clients would ask for by one name, a file that nobody can ask for, and
// what is wrong with rules once they are followed: also that `budget` is spent, with the rule and
// the file that it was at, unless it was given up.
FolderPlan plan_folder(const SourceFolder& folder, const importing::RemapRules& rules,
                       importing::RuleBudget& budget, Diagnostics& faults);

// A fault for each part that a .loads file lists and that neither the plan nor, by its canonical
// name, what is served has, or has with another size or MD5.
using ServedContent = std::function<std::optional<std::span<const std::byte>>(std::string_view)>;
void check_loads(const FolderPlan& plan, const ServedContent& served, Diagnostics& faults);

}  // namespace dialtone::daemon
