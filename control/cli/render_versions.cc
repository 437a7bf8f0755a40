// SPDX-License-Identifier: Apache-2.0
#include "control/cli/amounts.h"
#include "control/cli/fields.h"
#include "control/cli/render.h"
#include "control/cli/table.h"

namespace dialtone::cli {

Rendered render_versions(const api::Json& result, const Style& style) {
  Table table({{"VERSION", Align::kRight},
               {"SIZE", Align::kRight},
               {"TIME"},
               {"SET"},
               {"NOTE"},
               {"STATE"}});
  for (const api::Json& version : list_at(result, "versions")) {
    const bool is_link = flag_at(version, "link");
    const std::string state = std::string(flag_at(version, "current") ? "current" : "kept") +
                              (is_link ? ", a symlink: no content" : "");
    table.add({text_at(version, "version"), human_size(count_at(version, "length")),
               utc_time(count_at(version, "time")), text_at(version, "set"),
               text_at(version, "note"),
               state + (flag_at(version, "found") ? ", found in the folder" : "")});
  }
  Rendered rendered;
  rendered.out = table.render(style);
  if (number_at(result, "current") == std::nullopt) {
    rendered.warnings.push_back(text_at(result, "name") + " is removed; dialtone files restore " +
                                "brings a version back");
  }
  return rendered;
}

}  // namespace dialtone::cli
