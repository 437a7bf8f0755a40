// SPDX-License-Identifier: Apache-2.0
//
// The files of shared rows into a segment, XMLDefault.cnf.xml among them; it remembers which are in
// the image, and so tells those that are not wanted any more. One thread.
#pragma once

#include "control/build/build_fault.h"
#include "control/image/segment_stack.h"
#include "dataplane/abi/segment_writer.h"
#include "generator/prepared_campus.h"
#include "generator/shared/shared_files.h"
#include "generator/template_set.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace dialtone::build {

using NamedFiles = image_build::SegmentStack::Files;

// Into a segment, under its canonical name. The caller sets the entry's segment.
Result<image_build::FileEntry> write_shared_file(const generator::SharedFile& file,
                                                 const std::string& name,
                                                 abi::SegmentWriter& writer);

// What there is of them once they are in the image, by canonical names.
struct SharedState {
  std::set<std::string> built{};
  std::map<std::string, std::string> spelled{};  // as phones spell them
};

class SharedFileBuilder {
 public:
  // Adds all of them to `files`, whose segment the caller sets, and to `faults` those that cannot
  // be built. Nothing is remembered before adopt(). `prepared` is `campus` made ready.
  Result<SharedState> render(const generator::TemplateSet& templates,
                             const generator::PreparedCampus& prepared,
                             const generator::Campus& campus, abi::SegmentWriter& writer,
                             NamedFiles& files, std::vector<FileFault>& faults) const;
  // Canonical names of files that go when that is adopted.
  std::vector<std::string> gone(const SharedState& rendered) const;
  void adopt(SharedState rendered);

  // Canonical; as adopted last.
  const std::set<std::string>& built() const noexcept { return built_; }

  // As phones spell the name of such a file; empty: it is none of these.
  std::string spelled(const std::string& name) const;

 private:
  void keep_last_good(FileFault fault, std::set<std::string>& wanted,
                      std::vector<FileFault>& faults) const;

  std::set<std::string> built_;
  std::map<std::string, std::string> spelled_;  // of all that were ever built
};

}  // namespace dialtone::build
