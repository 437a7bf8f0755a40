// SPDX-License-Identifier: Apache-2.0
//
// The kept generations, and what differs between two of them.
#include "control/cli/amounts.h"
#include "control/cli/fields.h"
#include "control/cli/render.h"
#include "control/cli/table.h"

namespace dialtone::cli {
namespace {

using api::Json;

// Of a digest, whose other digits --json has: enough to tell two generations apart.
constexpr std::size_t kDigits = 12;

std::string state_of(const Json& generation) {
  const std::string served = flag_at(generation, "served") ? "served" : "";
  return !flag_at(generation, "rollback") ? served
         : served.empty()                 ? "rolled back to"
                                          : "served, rolled back to";
}

std::string size_at(const Json& file, const char* side) {
  const auto length = number_at(at(file, side), "length");
  return length ? human_size(*length) : "";
}

std::string side_name(const Json& side, const char* without) {
  const auto number = number_at(side, "generation");
  return number ? "generation " + std::to_string(*number) : without;
}

}  // namespace

Rendered render_generations(const Json& result, const Style& style) {
  Table table({{"NUMBER", Align::kRight},
               {"PUBLISHED"},
               {"FILES", Align::kRight},
               {"BYTES", Align::kRight},
               {"CHANGED", Align::kRight},
               {"DIGEST"},
               {"STATE"},
               {"WHY", Align::kLeft, Fit::kMayBeCut}});
  const Json& generations = list_at(result, "generations");
  for (const Json& each : generations) {
    const auto time = number_at(each, "time");
    table.add(
        {text_at(each, "number"), time ? utc_time(*time) : "", grouped(count_at(each, "files")),
         human_size(count_at(each, "bytes")), grouped(count_at(each, "changed")),
         text_at(each, "content_digest").substr(0, kDigits), state_of(each), text_at(each, "why")});
  }
  Rendered rendered;
  if (generations.empty()) {
    rendered.warnings.push_back("no generation is kept yet");
  } else {
    rendered.out = table.render(style);
  }
  return rendered;
}

std::string render_diff(const Json& result, const Style& style) {
  Table table({{"FILE"}, {"CHANGE"}, {"WAS", Align::kRight}, {"IS", Align::kRight}});
  for (const char* change : {"added", "changed", "gone"}) {
    for (const Json& file : list_at(result, change)) {
      table.add({text_at(file, "name"), change, size_at(file, "from"), size_at(file, "to")});
    }
  }
  const auto differs = count_at(result, "differs");
  const char* next = flag_at(result, "with_build") ? "the next build" : "what is served";
  return (differs == 0 ? std::string() : table.render(style)) +
         side_name(at(result, "from"), "what is served") + " and " +
         side_name(at(result, "to"), next) + ": " +
         (differs == 0 ? "no file differs"
                       : counted(differs, "file") + (differs == 1 ? " differs" : " differ")) +
         '\n';
}

}  // namespace dialtone::cli
