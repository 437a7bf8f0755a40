// SPDX-License-Identifier: Apache-2.0
//
// A file that could not be built, and what a person reads of it. Cold; any thread.
#pragma once

#include "dataplane/base/diagnostic.h"
#include "dataplane/base/error.h"

#include <string>
#include <string_view>

namespace dialtone::build {

// A file that cannot be built, of a device or of a shared row. Its last good one, if there is one,
// should be kept.
struct FileFault {
  std::string file;  // its canonical name; empty: no name that a file can have
  std::string why;   // names the device, or the row
  // Whose files cannot be built, all that it can have; empty: of a shared row.
  std::string device{};
  bool is_one = false;  // of the device's files this one alone
};

// Why the files of a device cannot be built.
FileFault device_fault(std::string_view device, const Error& error);

Diagnostic build_fault(const std::string& why);

}  // namespace dialtone::build
