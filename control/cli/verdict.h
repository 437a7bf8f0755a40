// SPDX-License-Identifier: Apache-2.0
//
// What --assert and --expect-error make of a reply: exit code 0 when it is as claimed, 4 when it is
// not. Cold; pure.
#pragma once

#include "control/api/client.h"
#include "control/cli/invocation.h"

#include <optional>
#include <string>

namespace dialtone::cli {

inline constexpr int kMissed = 4;

// Why the reply, which is none of a failure, is not as claimed; nothing: it is, or nobody claims
// anything. A claim is about the result, with the warnings of the reply as `warnings`.
std::optional<std::string> missed_assertion(const Invocation& asked, const api::Reply& reply);

// True when the refusal has the code that was expected. "E_DUP_MAC" and "dup-mac" are one code.
bool is_expected_error(const Invocation& asked, const api::Reply& reply);

}  // namespace dialtone::cli
