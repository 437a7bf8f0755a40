// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/policy_parameters.h"

#include "control/database/policy_parameters.h"
#include "control/database/text_rules.h"
#include "control/image/policy.h"

#include <algorithm>

namespace dialtone::daemon {
namespace {

void put_number(std::string_view name, std::uint32_t value, abi::Policy& policy) {
  if (name == "maximum-serving-count") {
    policy.max_sessions = value;
  } else if (name == "busy-code") {
    policy.busy.code = static_cast<std::uint16_t>(value);
  } else if (name == "rebuilding-code") {
    policy.rebuilding.code = static_cast<std::uint16_t>(value);
  } else if (name == "retransmit-ms") {
    policy.retransmit_ms = value;
  } else if (name == "retransmits") {
    policy.retransmits = value;
    policy.first_copies = std::min(policy.first_copies, value);
  }
}

void put_text(std::string_view name, std::string_view value, abi::Policy& policy) {
  if (name == "when-full") {
    policy.answers_busy = value == "busy" ? 1 : 0;
  } else if (name == "busy-text") {
    policy.busy = image_build::error_reply(policy.busy.code, value);
  } else if (name == "rebuilding-text") {
    policy.rebuilding = image_build::error_reply(policy.rebuilding.code, value);
  }
}

}  // namespace

void apply_parameters(std::span<const database::StoredParameter> parameters, abi::Policy& policy) {
  for (const database::StoredParameter& each : parameters) {
    const auto* known = database::find_policy_parameter(each.name);
    if (known == nullptr || !database::check_policy_parameter(*known, each.value)) {
      continue;
    }
    if (known->check != nullptr) {
      put_text(each.name, each.value, policy);
    } else {
      put_number(each.name, database::parse_number(each.value, known->most).value_or(0), policy);
    }
  }
}

std::string parameter_text(std::string_view name, const abi::Policy& policy) {
  if (name == "maximum-serving-count") {
    return std::to_string(policy.max_sessions);
  }
  if (name == "when-full") {
    return policy.answers_busy != 0 ? "busy" : "wait";
  }
  if (name == "busy-code") {
    return std::to_string(policy.busy.code);
  }
  if (name == "busy-text") {
    return policy.busy.text;
  }
  if (name == "rebuilding-code") {
    return std::to_string(policy.rebuilding.code);
  }
  if (name == "rebuilding-text") {
    return policy.rebuilding.text;
  }
  return std::to_string(name == "retransmit-ms" ? policy.retransmit_ms : policy.retransmits);
}

}  // namespace dialtone::daemon
