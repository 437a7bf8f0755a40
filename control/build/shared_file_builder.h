// SPDX-License-Identifier: Apache-2.0
//
// The files of shared rows into a segment, XMLDefault.cnf.xml among them; it remembers which there
// are, and so tells those that are not wanted any more. One thread.
#pragma once

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

// A file that cannot be built, of a device or of a shared row. Its last good one, if there is one,
// should be kept.
struct FileFault {
  std::string file;      // its canonical name; empty: no name that a file can have
  std::string why;       // names the device, or the row
  std::string device{};  // whose files cannot be built: all that it can have
};

// Into a segment, under its canonical name. The caller sets the entry's segment.
Result<image_build::FileEntry> write_shared_file(const generator::SharedFile& file,
                                                 const std::string& name,
                                                 abi::SegmentWriter& writer);

class SharedFileBuilder {
 public:
  // Adds all of them to `files`, whose segment the caller sets, and to `faults` those that cannot
  // be built. Returns the canonical names of files that are gone since the last call. `prepared` is
  // `campus` made ready.
  Result<std::vector<std::string>> render(const generator::TemplateSet& templates,
                                          const generator::PreparedCampus& prepared,
                                          const generator::Campus& campus,
                                          abi::SegmentWriter& writer, NamedFiles& files,
                                          std::vector<FileFault>& faults);

  // Canonical; of the last call.
  const std::set<std::string>& built() const noexcept { return built_; }

  // As phones spell the name of such a file; empty: it is none of these.
  std::string spelled(const std::string& name) const;

 private:
  void keep_last_good(FileFault fault, std::set<std::string>& wanted,
                      std::vector<FileFault>& faults) const;

  std::set<std::string> built_;
  std::map<std::string, std::string> spelled_;  // of all that was ever built
};

}  // namespace dialtone::build
