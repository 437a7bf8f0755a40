// SPDX-License-Identifier: Apache-2.0
#include "control/cli/amounts.h"
#include "control/cli/fields.h"
#include "control/cli/render.h"
#include "control/cli/table.h"

namespace dialtone::cli {

Rendered render_loads(const api::Json& result, const Style& style) {
  Table table({{"LOAD"},
               {"FILES", Align::kRight},
               {"SIZE", Align::kRight},
               {"DEVICES", Align::kRight},
               {"STATE"}});
  const api::Json& loads = list_at(result, "loads");
  for (const api::Json& load : loads) {
    std::uint64_t bytes = 0;
    for (const api::Json& part : list_at(load, "parts")) {
      bytes += count_at(part, "length");
    }
    std::string state = !flag_at(load, "readable")  ? "its list cannot be read"
                        : flag_at(load, "complete") ? "complete"
                        : flag_at(load, "served")   ? "served, not complete"
                                                    : "held back";
    for (const api::Json& missing : list_at(load, "missing")) {
      state += ": " + line_of(missing);
    }
    table.add({text_at(load, "name"), std::to_string(list_at(load, "parts").size()),
               human_size(bytes), grouped(count_at(load, "devices")), state});
  }
  Rendered rendered;
  if (loads.empty()) {
    rendered.warnings.push_back("there is no load in the asset folder");
  } else {
    rendered.out = table.render(style);
  }
  return rendered;
}

}  // namespace dialtone::cli
