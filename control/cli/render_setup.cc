// SPDX-License-Identifier: Apache-2.0
//
// The checklist of the set-up, and what is wrong.
#include "control/cli/amounts.h"
#include "control/cli/fields.h"
#include "control/cli/render.h"

namespace dialtone::cli {

using api::Json;

std::string render_setup(const Json& result, const Style& style) {
  std::string text;
  for (const Json& step : list_at(result, "steps")) {
    const bool done = flag_at(step, "done");
    const bool optional = flag_at(step, "optional");
    const std::string mark = done       ? style.good("done  ")
                             : optional ? "may be"
                                        : style.warning("to do ");
    text += mark + "  " + text_at(step, "title") + ": " + text_at(step, "found") + '\n';
    for (const Json& cure : list_at(step, "cure")) {
      text += "            " + line_of(cure) + '\n';
    }
  }
  return text + counted(count_at(result, "done"), "step") + " done, " +
         grouped(count_at(result, "todo")) + " to do\n";
}

std::string render_doctor(const Json& result, const Style& style) {
  std::string text;
  const Json& listen = at(result, "listen");
  for (const Json& finding : list_at(result, "findings")) {
    text += style.warning("finding") + "  " + line_of(finding) + '\n';
  }
  for (const Json& note : list_at(result, "notes")) {
    text += "note     " + line_of(note) + '\n';
  }
  const std::uint64_t count = count_at(result, "count");
  text += std::string("answers over ") +
          (flag_at(listen, "v4")   ? flag_at(listen, "v6") ? "IPv4 and IPv6" : "IPv4"
           : flag_at(listen, "v6") ? "IPv6"
                                   : "no address that is known here") +
          "; " + counted(count, "finding") + '\n';
  return text;
}

}  // namespace dialtone::cli
