// SPDX-License-Identifier: Apache-2.0
#include "control/cli/check_metrics.h"

#include "control/cli/fields.h"
#include "control/cli/source_file.h"
#include "dataplane/base/json_depth.h"

#include <set>

namespace dialtone::cli {
namespace {

using api::Json;

// A few hundred counters with their help are 60 kB.
constexpr std::size_t kMost = std::size_t{1} << 20;

Result<Json> read_reply(const std::string& path, int standard_input) {
  const auto text = read_source(path, standard_input, kMost);
  if (!text) {
    return text.error();
  }
  Json reply =
      find_deep_json(*text) ? Json() : Json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!at(at(reply, "result"), "values").is_object()) {
    return refused("the file " + printable(path) +
                   " has no counters; write it with 'dialtone counters --json'");
  }
  return reply["result"];
}

// What a person is shown, and what a program reads by name.
void compare_lists(const Json& result, const char* where, std::vector<std::string>& lines) {
  const Json& values = at(result, "values");
  for (const Json& counter : list_at(result, "counters")) {
    const std::string name = text_at(counter, "name");
    if (number_at(counter, "value") != number_at(values, name.c_str())) {
      lines.push_back(name + " is " + text_at(counter, "value") + " in the list, and " +
                      text_at(values, name.c_str()) + " by its name, " + where);
    }
  }
}

}  // namespace

Result<MetricsCheck> check_metrics(const std::string& path, int standard_input, const Json& now) {
  const auto before = read_reply(path, standard_input);
  if (!before) {
    return before.error();
  }
  MetricsCheck check;
  compare_lists(*before, "in the file", check.disagreements);
  compare_lists(now, "now", check.disagreements);
  std::set<std::string> levels;
  for (const Json& level : list_at(now, "levels")) {
    levels.insert(line_of(level));
  }
  const Json& values = at(now, "values");
  for (const auto& [name, value] : at(*before, "values").items()) {
    ++check.counters;
    const auto was = number_at(at(*before, "values"), name.c_str());
    const auto is = number_at(values, name.c_str());
    if (!was) {
      check.disagreements.push_back(printable(name) + " is no number in the file");
    } else if (!is) {
      check.disagreements.push_back(printable(name) + " is no counter of this dataplane");
    } else if (*is < *was && !levels.contains(name)) {
      check.disagreements.push_back(printable(name) + " has fallen from " + std::to_string(*was) +
                                    " to " + std::to_string(*is) +
                                    ": the dataplane was started anew, or is another one");
    }
  }
  if (values.is_object()) {
    for (const auto& [name, value] : values.items()) {
      if (!at(*before, "values").contains(name)) {
        check.disagreements.push_back(printable(name) + " is not in the file");
      }
    }
  }
  return check;
}

}  // namespace dialtone::cli
