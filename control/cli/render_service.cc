// SPDX-License-Identifier: Apache-2.0
//
// The state of the service.
#include "control/cli/amounts.h"
#include "control/cli/fields.h"
#include "control/cli/render.h"
#include "control/cli/table.h"

namespace dialtone::cli {
namespace {

using api::Json;

std::string since(const Json& service) {
  const auto us = number_at(service, "since_us");
  return us ? ", since " + utc_time(*us / 1'000'000) : std::string();
}

}  // namespace

std::string service_text(const Json& service, const Style& style) {
  const std::string state = text_at(service, "state");
  const std::string why = text_at(service, "why");
  const auto transfers = number_at(service, "transfers");
  std::string text = (state == "running" ? style.good(state) : style.warning(state)) +
                     since(service) + (why.empty() ? std::string() : ": " + why);
  if (transfers && *transfers != 0) {
    text += ", " + counted(*transfers, "transfer") + " in flight";
  }
  return text;
}

std::string render_service(const Json& result, const Style& style) {
  KeyValues lines;
  lines.add("service", service_text(result, style));
  lines.add("generation", text_at(result, "generation"));
  const std::string pid = text_at(result, "pid");
  lines.add("dataplane", pid.empty() ? "not connected" : "pid " + pid);
  return lines.render(style);
}

}  // namespace dialtone::cli
