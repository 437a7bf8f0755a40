// SPDX-License-Identifier: Apache-2.0
//
// Why a name gets its answer: what is known of it, then the search, a line each step.
#include "control/cli/amounts.h"
#include "control/cli/fields.h"
#include "control/cli/render.h"
#include "control/cli/table.h"

namespace dialtone::cli {
namespace {

using api::Json;

std::string answer_text(const Json& result) {
  std::string text = text_at(result, "answer");
  if (const Json& error = at(result, "error"); error.is_object()) {
    text += ": ERROR " + text_at(error, "code") + ", \"" + text_at(error, "text") + '"';
  } else if (const auto length = number_at(result, "length")) {
    text += ": " + human_size(*length);
  }
  const std::string generation = text_at(result, "generation");
  return generation.empty() ? text : text + "; by generation " + generation;
}

std::string signed_text(const Json& result) {
  if (!flag_at(result, "signed")) {
    return "no";
  }
  const std::string signer = text_at(result, "signer");
  return signer.empty() ? "yes" : "yes, by " + signer;
}

std::string device_text(const Json& device) {
  std::string text = text_at(device, "name");
  if (!flag_at(device, "known")) {
    return text + ", not in the database";
  }
  text += ": " + text_at(device, "model") + " with " + text_at(device, "protocol");
  for (const Json& file : list_at(device, "files")) {
    text += ", " + text_at(file, "name") + " (" + text_at(file, "state") + ")";
  }
  return text;
}

std::string next_text(const Json& next) {
  const auto length = number_at(next, "length");
  return text_at(next, "name") + ": " + text_at(next, "answer") +
         (length ? ", " + human_size(*length) : "");
}

std::string request_text(const Json& request) {
  return utc_milliseconds(count_at(request, "time_us")) + " by " + text_at(request, "client") +
         ": " + text_at(request, "outcome") + ", generation " + text_at(request, "generation");
}

}  // namespace

Rendered render_explain(const Json& result, const Style& style) {
  Rendered rendered;
  KeyValues head;
  const std::string name = text_at(result, "name");
  head.add("file", name.empty() ? excerpt(text_at(result, "asked")) : name);
  head.add("class", text_at(result, "class"));
  head.add("answer", answer_text(result));
  head.add("why", text_at(result, "why"));
  if (const std::string origin = text_at(result, "origin"); !origin.empty()) {
    head.add("origin", origin);
    head.add("signed", signed_text(result));
  }
  if (const Json& device = at(result, "device"); device.is_object()) {
    head.add("device", device_text(device));
  }
  if (const Json& next = at(result, "next"); next.is_object()) {
    head.add("asked next", next_text(next));
  }
  if (const Json& request = at(result, "last_request"); request.is_object()) {
    head.add("last request", request_text(request));
  }
  head.add("search", "in the order of profile " + text_at(result, "profile"));
  Table steps({{"STEP"}, {"FOUND"}, {"PLACE"}});
  const Json& found = list_at(result, "found");
  const Json& places = list_at(result, "places");
  std::size_t number = 0;
  for (const Json& step : list_at(result, "steps")) {
    const auto of = [&](const Json& list) {
      return number < list.size() ? line_of(list[number]) : std::string();
    };
    steps.add({line_of(step), of(found), of(places)});
    ++number;
  }
  for (const Json& cluster : list_at(result, "disabled")) {
    steps.add({"cluster:" + line_of(cluster), "disabled", ""});
  }
  rendered.out = head.render(style) + '\n' + steps.render(style);
  return rendered;
}

}  // namespace dialtone::cli
