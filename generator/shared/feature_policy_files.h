// SPDX-License-Identifier: Apache-2.0
//
// A feature policy for 8961, 99xx, 78xx and 88xx: <name>FP.xml says which features the phone offers
// (cisco-tftp 4.4). Cold; pure; any thread.
#pragma once

#include "dataplane/base/result.h"
#include "generator/shared/shared_files.h"

#include <string_view>

namespace dialtone::generator {

void add_feature_policy_files(const Campus& campus, SharedFiles& all);

// `feature` as "Forward All", `value` "true" or "false".
Result<void> check_feature(std::string_view feature, std::string_view value);

}  // namespace dialtone::generator
