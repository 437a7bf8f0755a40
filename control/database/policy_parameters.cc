// SPDX-License-Identifier: Apache-2.0
#include "control/database/policy_parameters.h"

#include "control/database/text_rules.h"
#include "dataplane/base/printable.h"

#include <algorithm>
#include <array>

namespace dialtone::database {
namespace {

constexpr std::size_t kMaxErrorText = 63;  // of an ERROR, as [policy] takes it

bool is_choice(std::string_view value) {
  return value == "busy" || value == "wait";
}

bool is_error_text(std::string_view value) {
  return value.size() <= kMaxErrorText &&
         std::ranges::all_of(value, [](unsigned char byte) { return byte >= ' ' && byte < 0x7f; });
}

constexpr std::string_view kText = "at most 63 printable ASCII characters";
constexpr std::string_view kCode = "0 to 65535";

constexpr auto kParameters = std::to_array<PolicyParameter>({
    {"maximum-serving-count", "0 to 16777216; 0: as many as max_sessions", "Transfers at a time", 0,
     1 << 24, nullptr},
    {"when-full", "busy or wait", "What a client gets beyond that many", 0, 0, is_choice},
    {"busy-code", kCode, "Error code of the busy answer", 0, 65535, nullptr},
    {"busy-text", kText, "Its text", 0, 0, is_error_text},
    {"rebuilding-code", kCode, "Error code while all files are built anew", 0, 65535, nullptr},
    {"rebuilding-text", kText, "Its text", 0, 0, is_error_text},
    {"retransmit-ms", "50 to 60000", "Milliseconds before the first copy of a block", 50, 60'000,
     nullptr},
    {"retransmits", "0 to 20", "Copies before a client is given up", 0, 20, nullptr},
});

}  // namespace

std::span<const PolicyParameter> policy_parameters() noexcept {
  return kParameters;
}

const PolicyParameter* find_policy_parameter(std::string_view name) noexcept {
  const auto found = std::ranges::find(kParameters, name, &PolicyParameter::name);
  return found == kParameters.end() ? nullptr : &*found;
}

Result<void> check_policy_parameter(const PolicyParameter& parameter, std::string_view value) {
  bool fits = false;
  if (parameter.check != nullptr) {
    fits = parameter.check(value);
  } else {
    const auto number = parse_number(value, parameter.most);
    fits = number && *number >= parameter.least;
  }
  return fits ? Result<void>()
              : refused("\"" + std::string(parameter.name) + "\" wants " +
                        std::string(parameter.takes) + ", not \"" + excerpt(value) + "\"");
}

}  // namespace dialtone::database
