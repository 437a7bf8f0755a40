// SPDX-License-Identifier: Apache-2.0
//
// The service parameters that this server knows by name: one list for all that set, read or list
// them. To add one that is no text in a file, add a line to the table and teach set_parameter() its
// name; those of policy_parameters.h and the settings of the files come by themselves. Pure; any
// thread.
#pragma once

#include "dataplane/base/result.h"

#include <span>
#include <string>
#include <string_view>

namespace dialtone::database {

struct KnownParameter {
  std::string name;
  std::string takes;        // "all, none or selective"
  std::string fallback;     // the default; of a policy's empty: it is the configuration's
  std::string cm3_default;  // of profile cm3; empty: the same
  std::string description;
  bool is_of_policy;  // policy_parameters.h says what it takes
};

// Those of what is built, of the policy, of the files of phones.
std::span<const KnownParameter> known_parameters();
const KnownParameter* find_known_parameter(std::string_view name);  // null: none

std::string_view default_value(const KnownParameter& parameter, std::string_view profile) noexcept;

// "'bild-cnf' is no service parameter; did you mean 'build-cnf'?": nearest of all of them.
Error unknown_service_parameter(std::string_view name);

}  // namespace dialtone::database
