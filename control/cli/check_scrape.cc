// SPDX-License-Identifier: Apache-2.0
#include "control/cli/check_scrape.h"

#include "control/cli/fields.h"

#include <charconv>
#include <map>
#include <set>
#include <sstream>
#include <string_view>
#include <system_error>

namespace dialtone::cli {
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

void check_scrape(const std::string& scraped, const api::Json& before, const api::Json& behind,
                  MetricsCheck& check) {
  const Scrape scrape = read_scrape(scraped);
  std::set<std::string> levels;
  for (const api::Json& level : list_at(before, "levels")) {
    levels.insert(line_of(level));
  }
  for (const api::Json& counter : list_at(before, "counters")) {
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
