// SPDX-License-Identifier: Apache-2.0
//
// The answers of `dialtone dhcp`, which no daemon gives: configuration for DHCP servers, and what
// is wrong with theirs. Blocks on the file that is looked at; errors are ready for a person.
#pragma once

#include "control/api/client.h"
#include "control/cli/commands.h"
#include "control/cli/render.h"
#include "control/cli/terminal.h"

namespace dialtone::cli {

void add_dhcp_commands(CLI::App& cli, Invocation& invocation, Completions& completions);

bool is_dhcp_command(const Invocation& asked);
Result<api::Reply> run_dhcp(const Invocation& asked, const Terminal& terminal);

Rendered render_dhcp_snippet(const api::Json& result, const Style& style);
// A line for each finding, and one that counts scopes.
Rendered render_dhcp_lint(const api::Json& result, const Style& style);

}  // namespace dialtone::cli
