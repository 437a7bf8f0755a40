// SPDX-License-Identifier: Apache-2.0
//
// Service parameters of the database in the policy that goes out with an image. A parameter that is
// set goes before [policy] of the configuration. Cold; pure.
#pragma once

#include "control/database/service_parameters.h"
#include "dataplane/abi/image_format.h"

#include <span>
#include <string>
#include <string_view>

namespace dialtone::daemon {

// Parameters that are none of a policy, and values that none takes (a hand edit), are passed over.
void apply_parameters(std::span<const database::StoredParameter> parameters, abi::Policy& policy);

// The value of a parameter in a policy, as `param set` takes it.
std::string parameter_text(std::string_view name, const abi::Policy& policy);

}  // namespace dialtone::daemon
