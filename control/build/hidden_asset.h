// SPDX-License-Identifier: Apache-2.0
//
// A file of the asset folder that a built one of the same name hides. Pure.
#pragma once

#include "dataplane/abi/image_format.h"

#include <string>
#include <string_view>

namespace dialtone::build {

// The code of that fault. It is a warning for every command: it keeps nobody from what he wants.
inline constexpr std::string_view kHidden = "hidden";

// What hides it, by its class, and the cure.
inline std::string hidden_by(abi::FileClass built) {
  switch (built) {
    case abi::FileClass::kDeviceConfig:
      return "not served: the database has a device for that name; remove one";
    case abi::FileClass::kDefaultConfig:
      return "not served: the default file of that name is built of the database; remove this one";
    default:
      return "not served: the file of that name is built of shared rows of the database (ring "
             "tones, dial plans and the like); remove this one, or those rows";
  }
}

}  // namespace dialtone::build
