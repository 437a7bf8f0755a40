// SPDX-License-Identifier: Apache-2.0
//
// The .loads files of a folder, and whether all that they list is there. One whose files are not is
// held back, so that no phone begins a load that it cannot end. One thread.
#pragma once

#include "control/assets/list_folder.h"
#include "control/assets/load_list.h"
#include "control/image/segment_stack.h"
#include "dataplane/base/result.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace dialtone::assets {

struct LoadState {
  std::string path;
  std::vector<LoadPart> parts;       // none: its list cannot be read, and it is served as it is
  std::vector<std::string> missing;  // a sentence for each part that is not there as listed
  bool served = true;                // with this content
};
using LoadStates = std::map<std::string, LoadState>;  // by canonical name

// What is wrong, given the files that are there. `md5` is asked for that of one, by its canonical
// name, where the list gives one; what cannot be compared is said.
using Md5Of = std::function<Result<std::string>(const std::string& name)>;
std::vector<std::string> missing_parts(std::string_view load, const std::vector<LoadPart>& parts,
                                       const FileStamps& files, const Md5Of& md5);

class Loads {
 public:
  explicit Loads(bool hold) noexcept : hold_(hold) {}

  // Takes out of `put` and `read`, what a scan has read, the lists that are held back, and out of
  // `read` those that are served no longer; where the content before is complete, it stays. `known`
  // is what was read before, and `before` its content. A fault says so of each.
  LoadStates judge(image_build::SegmentStack::Files& put, FileStamps& read, const FileStamps& known,
                   const image_build::FileTable& before, Diagnostics& faults) const;
  // The scan was taken over.
  void adopt(LoadStates states);

  const LoadStates& states() const noexcept { return states_; }

 private:
  void hold(const std::string& name, LoadState& state, FileStamps& read, const FileStamps& known,
            const Md5Of& md5, Diagnostics& faults) const;

  bool hold_;
  LoadStates states_;
  std::map<std::string, std::vector<LoadPart>> served_;
};

}  // namespace dialtone::assets
