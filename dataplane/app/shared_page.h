// SPDX-License-Identifier: Apache-2.0
//
// Memory that this process writes and others map: a memfd that nobody can resize, so that no access
// to it can fail. Made once at start.
#pragma once

#include "dataplane/base/mapping.h"
#include "dataplane/base/result.h"
#include "dataplane/base/unique_fd.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace dialtone::app {

struct SharedPage {
  UniqueFd fd;   // for the others
  Mapping page;  // zeroed and touched

  enum class Others : std::uint8_t { kRead, kReadAndWrite };

  // `what` names it, for a person and for /proc: "counters".
  static Result<SharedPage> make(const std::string& what, std::size_t size, Others others);
};

}  // namespace dialtone::app
