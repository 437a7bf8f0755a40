// SPDX-License-Identifier: Apache-2.0
//
// The tables of gateways and of their templates.
#include "control/cli/fields.h"
#include "control/cli/render.h"
#include "control/cli/table.h"

namespace dialtone::cli {

using api::Json;

Rendered render_gateways(const Json& result, const Style& style) {
  Table table({{"NAME"},
               {"KIND"},
               {"PRODUCT"},
               {"POOL"},
               {"PORTS", Align::kRight},
               {"FILE"},
               {"STATE"},
               {"DESCRIPTION"}});
  const Json& gateways = list_at(result, "gateways");
  for (const Json& gateway : gateways) {
    table.add({text_at(gateway, "name"), text_at(gateway, "kind"), text_at(gateway, "product"),
               text_at(gateway, "pool"), text_at(gateway, "ports"), text_at(gateway, "file"),
               text_at(gateway, "state"), text_at(gateway, "description")});
  }
  Rendered rendered;
  if (gateways.empty()) {
    rendered.warnings.push_back("no gateway matches");
  } else {
    rendered.out = table.render(style);
  }
  return rendered;
}

Rendered render_gateway_templates(const Json& result, const Style& style) {
  Table table({{"NAME"}, {"PRODUCT"}, {"GATEWAYS", Align::kRight}, {"DESCRIPTION"}});
  const Json& templates = list_at(result, "templates");
  for (const Json& each : templates) {
    table.add({text_at(each, "name"), text_at(each, "product"), text_at(each, "gateways"),
               text_at(each, "description")});
  }
  Rendered rendered;
  if (templates.empty()) {
    rendered.warnings.push_back("there is none but ours; 'dialtone gatewaytemplate show mgcp'");
  } else {
    rendered.out = table.render(style);
  }
  return rendered;
}

}  // namespace dialtone::cli
