// SPDX-License-Identifier: Apache-2.0
//
// Replies as text. Pure functions from the "result" of a reply (docs/control-api.md) to what is
// written; no field needs to be there. Any thread; no errors.
#pragma once

#include "control/api/client.h"
#include "control/cli/invocation.h"
#include "control/cli/style.h"
#include "dataplane/base/error.h"

#include <optional>
#include <string>
#include <vector>

namespace dialtone::cli {

struct Rendered {
  std::string out;                    // standard output, with its line ends
  std::vector<std::string> warnings;  // standard error: a line each, not yet marked as warnings
  std::optional<Error> error;         // standard error, and the exit code
};

std::string render_status(const api::Json& result, const Style& style);
std::string render_service(const api::Json& result, const Style& style);
// The state of the service in one line, as `status` shows it too.
std::string service_text(const api::Json& service, const Style& style);
std::string render_setup(const api::Json& result, const Style& style);
std::string render_doctor(const api::Json& result, const Style& style);

// An empty list has no table: a warning says that nothing matches.
Rendered render_devices(const api::Json& result, const Style& style);
Rendered render_files(const api::Json& result, const Style& style);
Rendered render_versions(const api::Json& result, const Style& style);
Rendered render_loads(const api::Json& result, const Style& style);
Rendered render_logins(const api::Json& result, const Style& style);
Rendered render_models(const api::Json& result, const Style& style);
Rendered render_parameters(const api::Json& result, const Style& style);
Rendered render_counters(const api::Json& result, const Style& style);
// `heading`: of the first page. Columns have a width of their own, the same on each page.
enum class Heading { kYes, kNo };
Rendered render_events(const api::Json& result, const Style& style, Heading heading);
Rendered render_trace(const api::Json& trace, const Style& style);
Rendered render_changes(const api::Json& result, const Style& style);
Rendered render_served(const api::Json& result, const Style& style);
Rendered render_explain(const api::Json& result, const Style& style);
Rendered render_generations(const api::Json& result, const Style& style);
std::string render_diff(const api::Json& result, const Style& style);
std::string render_device(const api::Json& result, const Style& style);
Rendered render_reset(const api::Json& result, const Style& style);

// Dial plans, softkey templates, feature policies: of `ls`, of `show`, and of `set --dry-run`.
bool is_of_phone_files(const std::string& command);
Rendered render_phone_files(const api::Json& result, const Style& style);
std::string render_phone_file(const api::Json& result);
Rendered render_preview(const Invocation& asked, const api::Json& result);

// Of `gateway ls` and `gatewaytemplate ls`. A gateway itself is as a device.
Rendered render_gateways(const api::Json& result, const Style& style);
Rendered render_gateway_templates(const api::Json& result, const Style& style);

// Leaves those that match the pattern and, unless `zeros`, are not zero.
void choose_counters(api::Json& result, const std::string& pattern, bool zeros);

// One line that says what was written to a file; of standard output nothing.
Rendered render_output(const Invocation& asked, const api::Json& result);

// One line that says what was changed, and what became of it. `asked` is what was sent.
Rendered render_change(const Invocation& asked, const api::Json& result);

// A refusal, for standard error: the faults, a line each, and one line that says it in short.
std::string render_refusal(const Invocation& asked, const api::Reply& reply, const Style& style);

// "error: text" and "warning: text", as lines.
std::string error_line(const std::string& text, const Style& style);
std::string warning_line(const std::string& text, const Style& style);

}  // namespace dialtone::cli
