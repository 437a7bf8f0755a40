// SPDX-License-Identifier: Apache-2.0
//
// The bytes of a file that came with a reply: written, compared, or asked what they say. Blocks on
// files.
#pragma once

#include "control/api/client.h"
#include "control/cli/invocation.h"
#include "control/cli/terminal.h"
#include "dataplane/base/result.h"

#include <optional>
#include <string>

namespace dialtone::cli {

// Into --output, or standard output, which has the reply itself with --json, and no content.
Result<void> write_output(const Invocation& asked, const api::Reply& reply,
                          const Terminal& terminal);

// Between the content and the local file of `files verify`; nothing: they are the same.
Result<std::optional<Difference>> difference_of(const Invocation& asked, const api::Reply& reply,
                                                int standard_input);
std::string verdict_text(const Invocation& asked, const api::Reply& reply,
                         const std::optional<Difference>& difference);

// Adds to the result what the content says, where it is a phone's configuration
// (configuration_fields.h).
void add_configuration(api::Reply& reply);

}  // namespace dialtone::cli
