// SPDX-License-Identifier: Apache-2.0
//
// The files of shared rows: one for each dial plan, softkey template, feature policy and list. They
// are few, so they are made one after the other, as texts, whenever shared rows have changed; the
// image takes those that differ. Cold; pure; any thread.
//
// One file, one job: each kind is a function of this folder that adds its files, and a line in
// shared_files.cc.
#pragma once

#include "dataplane/abi/image_format.h"
#include "generator/campus.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::generator {

struct SharedFile {
  std::string name;  // as it is spelled for people
  std::string content;
  abi::FileClass file_class = abi::FileClass::kOther;
  std::uint64_t modified_s = 0;  // 0: no row says when
};

// A file that cannot be made. Its last good one, if there is one, should be kept.
struct SharedFault {
  std::string file;
  std::string why;  // names the row and the cure
};

struct SharedFiles {
  std::vector<SharedFile> files;
  std::vector<SharedFault> faults;
};

// In an order that depends on the rows alone. No two files have the same name, in any case of
// letters: of those that would, the later is a fault.
SharedFiles render_shared_files(const Campus& campus);

// How the image calls a file that is spelled so; empty: no file can have this name.
std::string canonical_file_name(const std::string& spelled);

// What a row that names a file may be called: 1 to 64 letters, digits, '-' and '_'.
bool is_file_stem(std::string_view name) noexcept;

// DRhq.xml, hq.xml, stdFP.xml: what a device's file names, and how the file is called.
std::string dial_template_name(const DialPlan& plan);
std::string older_dial_template_name(const DialPlan& plan);
std::string softkey_file_name(const SoftkeyTemplate& softkeys);
std::string feature_policy_name(const FeaturePolicy& policy);

}  // namespace dialtone::generator
