// SPDX-License-Identifier: Apache-2.0
//
// The policy of a generation when nothing else is configured: limits, and the code and text of each
// ERROR (RFC 1350, appendix). Cold.
#pragma once

#include "dataplane/abi/image_format.h"

namespace dialtone::image_build {

abi::Policy default_policy() noexcept;

}  // namespace dialtone::image_build
