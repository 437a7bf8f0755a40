// SPDX-License-Identifier: Apache-2.0
//
// The way of a change, a line each step; the newest changes; what a device's files are like.
#include "control/cli/amounts.h"
#include "control/cli/fields.h"
#include "control/cli/render.h"
#include "control/cli/table.h"

#include <algorithm>

namespace dialtone::cli {
namespace {

using api::Json;

std::string joined(const Json& list, std::uint64_t all) {
  std::string text;
  for (const Json& item : list) {
    text += (text.empty() ? "" : ", ") + line_of(item);
  }
  return text + (all > list.size() && !list.empty() ? ", ..." : "");
}

std::string rows_text(const Json& rows) {
  const std::uint64_t count = count_at(rows, "count");
  std::string text = counted(count, "row");
  if (count > 1) {
    text += " within " + human_us(count_at(rows, "span_us")) + ", taken by one build";
  }
  std::string some;
  for (const Json& row : list_at(rows, "some")) {
    some += (some.empty() ? ": " : ", ") + text_at(row, "table") + " " + text_at(row, "id") + " " +
            text_at(row, "operation");
  }
  return text + some + (count > list_at(rows, "some").size() ? ", ..." : "");
}

std::string generation_text(const Json& trace) {
  std::string text = text_at(trace, "generation");
  if (const Json& with = list_at(trace, "with"); !with.empty()) {
    text += ", with " + std::string(with.size() == 1 ? "change " : "changes ") +
            joined(with, with.size());
  }
  return text;
}

std::string first_text(const Json& first) {
  return text_at(first, "client") + " asked for " + text_at(first, "name") + ": " +
         text_at(first, "outcome");
}

std::string files_text(const Json& trace) {
  const std::uint64_t files = count_at(trace, "files");
  const std::string names = joined(list_at(trace, "names"), files);
  return grouped(files) + (names.empty() ? "" : ": " + names);
}

}  // namespace

Rendered render_trace(const Json& trace, const Style& style) {
  Rendered rendered;
  KeyValues head;
  head.add("change", text_at(trace, "id") + ", " + text_at(trace, "kind"));
  if (trace.contains("rows")) {
    head.add("rows", rows_text(at(trace, "rows")));
  }
  if (const Json& devices = list_at(trace, "devices"); !devices.empty()) {
    head.add("devices", joined(devices, devices.size()));
  }
  head.add("files", files_text(trace));
  if (count_at(trace, "generation") != 0) {
    head.add("generation", generation_text(trace));
  }
  head.add("state", text_at(trace, "state"));
  if (trace.contains("first")) {
    head.add("first request", first_text(at(trace, "first")));
  }
  Table steps({{"STEP"}, {"TIME"}, {"TOOK", Align::kRight}, {"SINCE", Align::kRight}});
  for (const Json& step : list_at(trace, "steps")) {
    steps.add({text_at(step, "step"), utc_milliseconds(count_at(step, "time_us")),
               human_us(count_at(step, "took_us")), human_us(count_at(step, "total_us"))});
  }
  rendered.out = head.render(style) + '\n' + steps.render(style);
  if (const std::string why = text_at(trace, "why"); !why.empty()) {
    rendered.warnings.push_back("not served yet: " + why);
  }
  return rendered;
}

Rendered render_changes(const Json& result, const Style& style) {
  Rendered rendered;
  Table table({{"ID"},
               {"TIME"},
               {"KIND"},
               {"ROWS", Align::kRight},
               {"FILES", Align::kRight},
               {"GENERATION", Align::kRight},
               {"STATE"},
               {"TOOK", Align::kRight},
               {"DEVICES"}});
  const Json& changes = list_at(result, "changes");
  for (const Json& each : changes) {
    const Json& devices = list_at(each, "devices");
    table.add({text_at(each, "id"), utc_milliseconds(count_at(each, "time_us")),
               text_at(each, "kind"), text_at(each, "rows"), text_at(each, "files"),
               text_at(each, "generation"), text_at(each, "state"),
               human_us(count_at(each, "total_us")), joined(devices, devices.size())});
  }
  if (changes.empty()) {
    rendered.warnings.push_back("no change has come since dialtone-control was started");
  } else {
    rendered.out = table.render(style);
  }
  return rendered;
}

Rendered render_served(const Json& result, const Style& style) {
  Rendered rendered;
  Table table({{"FILE"},
               {"STATE"},
               {"SIZE", Align::kRight},
               {"FETCHED"},
               {"BY"},
               {"GENERATION", Align::kRight},
               {"NEWEST"}});
  for (const Json& file : list_at(result, "files")) {
    const Json& fetched = at(file, "fetched");
    const auto length = number_at(file, "length");
    const std::string newest = text_at(fetched, "is_newest");
    table.add({text_at(file, "name"), flag_at(file, "stale") ? "stale" : "newest",
               length ? human_size(*length) : "",
               fetched.is_object() ? utc_milliseconds(count_at(fetched, "time_us")) : "",
               text_at(fetched, "client"), text_at(fetched, "generation"),
               newest == "true"    ? "yes"
               : newest == "false" ? "no"
                                   : ""});
    if (const std::string why = text_at(file, "why"); !why.empty()) {
      rendered.warnings.push_back(text_at(file, "name") + ": " + why);
    }
  }
  rendered.out = table.render(style);
  return rendered;
}

Rendered render_reset(const Json& result, const Style& style) {
  Rendered rendered;
  const Json& files = list_at(result, "fetched");
  if (files.empty()) {
    rendered.out = text_at(result, "device") + ": its reset was asked for\n";
    return rendered;
  }
  rendered = render_served({{"files", files}}, style);
  std::uint64_t took = UINT64_MAX;
  for (const Json& file : files) {
    const std::uint64_t time = count_at(at(file, "fetched"), "time_us");
    took = std::min(took, time - std::min(time, count_at(result, "asked_us")));
  }
  rendered.out += '\n' + text_at(result, "device") + ": reset; it asked for " +
                  counted(files.size(), "file") + " of its own, the first " + human_us(took) +
                  " behind\n";
  return rendered;
}

}  // namespace dialtone::cli
