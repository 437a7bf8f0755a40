// SPDX-License-Identifier: Apache-2.0
#include "control/cli/render_reply.h"

#include "control/cli/dhcp_commands.h"
#include "control/cli/fields.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace dialtone::cli {
namespace {

using api::Json;

using Render = Rendered (*)(const Invocation& asked, const Json& result, const Style& style);

template <std::string (*text)(const Json&, const Style&)>
Rendered as_text(const Invocation&, const Json& result, const Style& style) {
  return {text(result, style), {}, {}};
}

template <Rendered (*list)(const Json&, const Style&)>
Rendered as_list(const Invocation&, const Json& result, const Style& style) {
  return list(result, style);
}

Rendered first_events(const Invocation&, const Json& result, const Style& style) {
  return render_events(result, style, Heading::kYes);
}

Rendered body_of(const Invocation&, const Json& result, const Style&) {
  return {at(result, "body").is_string() ? at(result, "body").get<std::string>() : "", {}, {}};
}

struct Row {
  std::string_view command;
  Render render;
};
// In the order of docs/cli.md. What is not here changes something, or goes to a file.
constexpr auto kRows = std::to_array<Row>({
    {"status", as_text<render_status>},
    {"doctor", as_text<render_doctor>},
    {"setup", as_text<render_setup>},
    {"service status", as_text<render_service>},
    {"service start", as_text<render_service>},
    {"service stop", as_text<render_service>},
    {"device ls", as_list<render_devices>},
    {"device show", as_text<render_device>},
    {"device reset", as_list<render_reset>},
    {"model ls", as_list<render_models>},
    {"gateway ls", as_list<render_gateways>},
    {"gateway show", as_text<render_device>},
    {"gatewaytemplate ls", as_list<render_gateway_templates>},
    {"gatewaytemplate show", body_of},
    {"em ls", as_list<render_logins>},
    {"generations", as_list<render_generations>},
    {"diff", as_text<render_diff>},
    {"param ls", as_list<render_parameters>},
    {"files ls", as_list<render_files>},
    {"files versions", as_list<render_versions>},
    {"loads ls", as_list<render_loads>},
    {"counters", as_list<render_counters>},
    {"events", first_events},
    {"change trace", as_list<render_trace>},
    {"change ls", as_list<render_changes>},
    {"served", as_list<render_served>},
    {"explain", as_list<render_explain>},
    {"dhcp snippet", as_list<render_dhcp_snippet>},
    {"dhcp lint", as_list<render_dhcp_lint>},
});

Rendered render_of_phone_files(const Invocation& asked, const Json& result, const Style& style) {
  if (asked.command.ends_with(" ls")) {
    return render_phone_files(result, style);
  }
  if (asked.command.ends_with(" show")) {
    return {render_phone_file(result), {}, {}};
  }
  return flag_at(asked.arguments, "dry_run") ? render_preview(asked, result)
                                             : render_change(asked, result);
}

}  // namespace

Rendered render_reply(const Invocation& asked, const Json& result, const Style& style) {
  if (is_of_phone_files(asked.command)) {
    return render_of_phone_files(asked, result, style);
  }
  const auto row = std::find_if(kRows.begin(), kRows.end(),
                                [&](const Row& each) { return each.command == asked.command; });
  if (row != kRows.end()) {
    return row->render(asked, result, style);
  }
  return asked.output ? render_output(asked, result) : render_change(asked, result);
}

}  // namespace dialtone::cli
