// SPDX-License-Identifier: Apache-2.0
//
// The tables of devices, models, files and counters, and one device.
#include "control/cli/amounts.h"
#include "control/cli/fields.h"
#include "control/cli/render.h"
#include "control/cli/table.h"

#include <fnmatch.h>

#include <utility>

namespace dialtone::cli {
namespace {

using api::Json;

std::string joined(const Json& list) {
  std::string out;
  for (const Json& item : list) {
    out += (out.empty() ? "" : ",") + line_of(item);
  }
  return out;
}

// Seconds as the daemon has them, 0 where nobody knows; what is a text already stays as it is.
std::string time_at(const Json& object, const char* key) {
  const auto seconds = number_at(object, key);
  return !seconds ? text_at(object, key) : *seconds == 0 ? "" : utc_time(*seconds);
}

Rendered table_or(const Table& table, bool empty, const char* note, const Style& style) {
  Rendered rendered;
  if (empty) {
    rendered.warnings.push_back(note);
  } else {
    rendered.out = table.render(style);
  }
  return rendered;
}

}  // namespace

Rendered render_devices(const Json& result, const Style& style) {
  Table table({{"NAME", Align::kLeft, Fit::kMayBeCut},
               {"MODEL", Align::kLeft, Fit::kMayBeCut},
               {"PROTOCOL"},
               {"POOL", Align::kLeft, Fit::kMayBeCut},
               {"LINES", Align::kLeft, Fit::kMayBeCut},
               {"DESCRIPTION", Align::kLeft, Fit::kMayBeCut}});
  const Json& devices = list_at(result, "devices");
  for (const Json& device : devices) {
    table.add({text_at(device, "name"), text_at(device, "model"), text_at(device, "protocol"),
               text_at(device, "pool"), joined(list_at(device, "lines")),
               text_at(device, "description")});
  }
  return table_or(table, devices.empty(), "no device matches", style);
}

std::string render_device(const Json& result, const Style& style) {
  KeyValues lines;
  // A gateway is shown as a device is.
  const char* const what = result.contains("gateway") ? "gateway" : "device";
  if (const Json& device = at(result, what); device.is_object()) {
    for (const auto& [key, value] : device.items()) {
      lines.add(printable(key), line_of(value));
    }
  }
  if (!result.contains("files")) {
    lines.add("file", text_at(result, "file"));
  }
  for (const Json& file : list_at(result, "files")) {
    const std::string state = text_at(file, "state");
    lines.add("file", text_at(file, "name") + (state == "served" ? "" : " (" + state + ")"));
  }
  return lines.render(style);
}

Rendered render_models(const Json& result, const Style& style) {
  Table table({{"MODEL"},
               {"PROTOCOL"},
               {"NUMBER", Align::kRight},
               {"FAMILY"},
               {"LINES", Align::kRight},
               {"DEVICES", Align::kRight},
               {"LOAD", Align::kLeft, Fit::kMayBeCut}});
  const Json& models = list_at(result, "models");
  for (const Json& model : models) {
    table.add({text_at(model, "name"), text_at(model, "protocol"),
               std::to_string(count_at(model, "number")), text_at(model, "family"),
               std::to_string(count_at(model, "lines")), grouped(count_at(model, "devices")),
               text_at(model, "default_load")});
  }
  return table_or(table, models.empty(), "there is no model", style);
}

Rendered render_parameters(const Json& result, const Style& style) {
  Table table({{"NAME"}, {"VALUE"}, {"DEFAULT"}, {"TAKES"}});
  const Json& parameters = list_at(result, "parameters");
  for (const Json& parameter : parameters) {
    table.add({text_at(parameter, "name"), text_at(parameter, "value"),
               text_at(parameter, "default"), text_at(parameter, "takes")});
  }
  return table_or(table, parameters.empty(), "there is no parameter", style);
}

Rendered render_logins(const Json& result, const Style& style) {
  Table table({{"PROFILE"}, {"USER"}, {"LINES", Align::kRight}, {"DEVICE"}, {"DESCRIPTION"}});
  const Json& profiles = list_at(result, "profiles");
  for (const Json& profile : profiles) {
    table.add({text_at(profile, "name"), text_at(profile, "user_id"), text_at(profile, "lines"),
               text_at(profile, "device"), text_at(profile, "description")});
  }
  return table_or(table, profiles.empty(), "there is no device profile", style);
}

Rendered render_files(const Json& result, const Style& style) {
  if (result.contains("groups")) {
    Table groups({{"FORMAT"}, {"FILES", Align::kRight}, {"SIZE", Align::kRight}});
    for (const Json& group : list_at(result, "groups")) {
      groups.add({text_at(group, "format"), text_at(group, "files"),
                  human_size(number_at(group, "bytes").value_or(0))});
    }
    return table_or(groups, list_at(result, "groups").empty(), "no file matches", style);
  }
  Table table({{"NAME", Align::kLeft, Fit::kMayBeCut},
               {"SIZE", Align::kRight},
               {"CLASS"},
               {"ORIGIN"},
               {"MODIFIED"}});
  const Json& files = list_at(result, "files");
  for (const Json& file : files) {
    const auto length = number_at(file, "length");
    table.add({text_at(file, "name"), length ? human_size(*length) : "", text_at(file, "class"),
               text_at(file, "origin") + (flag_at(file, "unverified") ? ", unverified" : ""),
               time_at(file, "modified")});
  }
  return table_or(table, files.empty(), "no file matches", style);
}

void choose_counters(Json& result, const std::string& pattern, bool zeros) {
  Json chosen = Json::array();
  for (const Json& counter : list_at(result, "counters")) {
    const bool matches =
        pattern.empty() || ::fnmatch(pattern.c_str(), text_at(counter, "name").c_str(), 0) == 0;
    if (matches && (zeros || number_at(counter, "value") != 0)) {
      chosen.push_back(counter);
    }
  }
  if (!result.is_object()) {
    result = Json::object();
  }
  result["counters"] = std::move(chosen);
}

Rendered render_counters(const Json& result, const Style& style) {
  if (result.contains("mark")) {
    return {"the mark " + text_at(result, "mark") + " is set\n", {}, {}};
  }
  Table table({{"NAME"}, {"VALUE", Align::kRight}, {"HELP"}});
  const Json& counters = list_at(result, "counters");
  for (const Json& counter : counters) {
    table.add({text_at(counter, "name"), text_at(counter, "value"), text_at(counter, "help")});
  }
  return table_or(table, counters.empty(),
                  "no counter matches that is not zero; --all shows the others", style);
}

}  // namespace dialtone::cli
