// SPDX-License-Identifier: Apache-2.0
//
// Records that hide names of a base: an absent name needs one of its own, for the name. Any thread.
#pragma once

#include "control/image/sealed_object.h"
#include "dataplane/base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace dialtone::image_build {

// Records of names that an image is not to have, in their order; no segment when there are none.
struct Absences {
  ObjectPtr segment;
  std::vector<std::uint64_t> offsets;
};

Result<Absences> write_absences(const std::vector<std::string>& names);

}  // namespace dialtone::image_build
