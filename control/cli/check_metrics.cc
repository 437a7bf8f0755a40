// SPDX-License-Identifier: Apache-2.0
#include "control/cli/check_metrics.h"

#include "control/cli/fields.h"

#include <charconv>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string_view>
#include <system_error>

namespace dialtone::cli {
namespace {

using api::Json;

Result<Json> read_reply(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return failed("the file " + printable(path) + " cannot be read");
  }
  const std::string text(std::istreambuf_iterator<char>(file), {});
  Json reply = Json::parse(text, nullptr, /*allow_exceptions=*/false);
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

Result<MetricsCheck> check_metrics(const std::string& path, const Json& now) {
  const auto before = read_reply(path);
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

namespace {

constexpr std::string_view kPrefix = "dialtone_dataplane_";

// Samples without labels, and the types of their families.
struct Scrape {
  std::map<std::string, std::uint64_t> values;
  std::map<std::string, std::string> types;
};

Scrape read_scrape(const std::string& text) {
  Scrape scrape;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string first;
    std::string second;
    std::string third;
    words >> first >> second;
    if (first == "#" && second == "TYPE") {
      words >> first >> third;
      scrape.types[first] = third;
      continue;
    }
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(second.data(), second.data() + second.size(), value);
    if (error == std::errc() && end == second.data() + second.size()) {
      scrape.values[first] = value;
    }
  }
  return scrape;
}

// Empty: it is as it should be.
std::string disagreement(const Scrape& scrape, const std::string& name, bool is_level,
                         std::uint64_t before, std::uint64_t behind) {
  const std::string metric = std::string(kPrefix) + name + (is_level ? "" : "_total");
  const auto found = scrape.values.find(metric);
  if (found == scrape.values.end()) {
    return metric + " is not in the scrape";
  }
  const auto type = scrape.types.find(metric);
  const std::string wanted = is_level ? "gauge" : "counter";
  if (type == scrape.types.end() || type->second != wanted) {
    return metric + " is no " + wanted + " in the scrape";
  }
  if (!is_level && (found->second < before || found->second > behind)) {
    return metric + " is " + std::to_string(found->second) + " in the scrape, and was " +
           std::to_string(before) + " before and " + std::to_string(behind) + " behind it";
  }
  return {};
}

}  // namespace

void check_scrape(const std::string& scraped, const Json& before, const Json& behind,
                  MetricsCheck& check) {
  const Scrape scrape = read_scrape(scraped);
  std::set<std::string> levels;
  for (const Json& level : list_at(before, "levels")) {
    levels.insert(line_of(level));
  }
  for (const Json& counter : list_at(before, "counters")) {
    const std::string name = text_at(counter, "name");
    const auto was = number_at(counter, "value");
    const auto is = number_at(at(behind, "values"), name.c_str());
    if (!was || !is) {
      check.disagreements.push_back(printable(name) + " is not counted any more");
      continue;
    }
    ++check.metrics;
    if (std::string line = disagreement(scrape, name, levels.contains(name), *was, *is);
        !line.empty()) {
      check.disagreements.push_back(std::move(line));
    }
  }
}

}  // namespace dialtone::cli
