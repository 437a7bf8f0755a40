// SPDX-License-Identifier: Apache-2.0
//
// Memory that this process writes and others may only read: a memfd that they can neither write nor
// resize. Made once at start.
#pragma once

#include "dataplane/base/mapping.h"
#include "dataplane/base/result.h"
#include "dataplane/base/unique_fd.h"

#include <cstddef>
#include <string>

namespace dialtone::app {

struct SharedPage {
  UniqueFd fd;   // for the others
  Mapping page;  // zeroed and touched

  // `what` names it, for a person and for /proc: "counters".
  static Result<SharedPage> make(const std::string& what, std::size_t size);
};

}  // namespace dialtone::app
