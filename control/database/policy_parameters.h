// SPDX-License-Identifier: Apache-2.0
//
// Service parameters that say how requests are answered, not what is in a file (cisco-tftp 10;
// features 1.1): what each takes. They go before the same setting of [policy] in the configuration,
// which is their default; control/daemon/policy_parameters.h puts them into what is served. Pure;
// any thread.
#pragma once

#include "dataplane/base/result.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace dialtone::database {

struct PolicyParameter {
  std::string_view name;
  std::string_view takes;
  std::string_view description;
  // A number of that range; or, where `most` is 0, a text that `check` takes.
  std::uint32_t least;
  std::uint32_t most;
  bool (*check)(std::string_view value);
};

std::span<const PolicyParameter> policy_parameters() noexcept;
const PolicyParameter* find_policy_parameter(std::string_view name) noexcept;  // null: none

Result<void> check_policy_parameter(const PolicyParameter& parameter, std::string_view value);

}  // namespace dialtone::database
