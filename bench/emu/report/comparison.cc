// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/report/comparison.h"

#include "dataplane/base/joined.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <random>
#include <set>
#include <system_error>
#include <utility>

namespace dialtone::emu {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr int kResamples = 4000;

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

double number(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number() ? found->get<double>() : kNone;
}

struct Measure {
  const char* key;
  const char* title;
  double (*of)(const json& meta);
};

constexpr Measure kMeasures[] = {
    {"boots_per_second", "phones that came up, in a second",
     [](const json& meta) { return number(meta, "ready") / number(meta, "seconds"); }},
    {"failed", "phones that did not", [](const json& meta) { return number(meta, "failed"); }},
    {"first_answer_p99_ms", "first answer, p99, ms",
     [](const json& meta) { return number(meta["phases"]["first_answer"], "p99_ms"); }},
    {"ready_p50_ms", "all files, p50, ms",
     [](const json& meta) { return number(meta["phases"]["ready"], "p50_ms"); }},
    {"ready_p90_ms", "all files, p90, ms",
     [](const json& meta) { return number(meta["phases"]["ready"], "p90_ms"); }},
    {"ready_p99_ms", "all files, p99, ms",
     [](const json& meta) { return number(meta["phases"]["ready"], "p99_ms"); }},
    {"ready_max_ms", "all files, the last phone, ms",
     [](const json& meta) { return number(meta["phases"]["ready"], "max_ms"); }},
    {"retries", "requests sent again", [](const json& meta) { return number(meta, "retries"); }},
    {"frames_received", "frames that phones got",
     [](const json& meta) { return number(meta["generator"], "received"); }},
};

std::vector<double> values_of(const Side& side, const Measure& measure) {
  std::vector<double> values;
  for (const RunData& run : side.runs) {
    values.push_back(measure.of(run.meta));
  }
  return values;
}

bool are_numbers(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double each) { return std::isfinite(each); });
}

double resampled_median(const std::vector<double>& values, std::mt19937_64& random) {
  std::uniform_int_distribution<std::size_t> any(0, values.size() - 1);
  std::vector<double> drawn(values.size());
  std::generate(drawn.begin(), drawn.end(), [&] { return values[any(random)]; });
  return median(std::move(drawn));
}

void add_ratio(Figure& figure) {
  const auto is_positive = [](double value) { return value > 0; };
  if (!std::all_of(figure.first.begin(), figure.first.end(), is_positive)) {
    return;
  }
  std::mt19937_64 random(1);
  std::vector<double> ratios;
  for (int i = 0; i < kResamples; ++i) {
    const double below = resampled_median(figure.first, random);
    ratios.push_back(resampled_median(figure.second, random) / below);
  }
  std::sort(ratios.begin(), ratios.end());
  figure.has_ratio = true;
  figure.ratio = figure.second_median / figure.first_median;
  figure.low = ratios[kResamples / 40];
  figure.high = ratios[kResamples - 1 - kResamples / 40];
}

// "a", or "a, b" where the runs of a side do not agree.
std::string values_text(const Side& side, const std::string& key) {
  std::set<std::string> values;
  for (const RunData& run : side.runs) {
    const auto found = run.meta["conditions"].find(key);
    values.insert(found == run.meta["conditions"].end() ? "–"
                  : found->is_string()                  ? found->get<std::string>()
                                                        : found->dump());
  }
  return joined({values.begin(), values.end()}, ", ");
}

std::vector<Comparison::Difference> differences_of(const Side& first, const Side& second) {
  std::set<std::string> keys;
  for (const Side* side : {&first, &second}) {
    for (const RunData& run : side->runs) {
      for (const auto& [key, value] : run.meta["conditions"].items()) {
        keys.insert(key);
      }
    }
  }
  std::vector<Comparison::Difference> differences;
  for (const std::string& key : keys) {
    Comparison::Difference each{key, values_text(first, key), values_text(second, key)};
    // Each repetition was recorded by a command of its own.
    if (key != "command" && each.first != each.second) {
      differences.push_back(std::move(each));
    }
  }
  return differences;
}

}  // namespace

Result<Side> read_side(const std::string& path) {
  const fs::path given(path);
  Side side{.name = path};
  std::vector<fs::path> folders;
  std::error_code fault;
  if (fs::exists(given / "meta.json", fault)) {
    folders.push_back(given);
  } else {
    for (fs::directory_iterator at(given, fault), end; !fault && at != end; at.increment(fault)) {
      if (fs::exists(at->path() / "meta.json", fault)) {
        folders.push_back(at->path());
      }
    }
    if (fault) {
      return failed("reading the folder " + path + ": " + fault.message());
    }
  }
  std::sort(folders.begin(), folders.end());
  for (const fs::path& folder : folders) {
    auto run = read_run(folder.string());
    if (!run) {
      return run.error();
    }
    side.runs.push_back(*std::move(run));
  }
  return side;
}

Result<Comparison> compare(const Side& first, const Side& second) {
  for (const Side* side : {&first, &second}) {
    if (side->runs.size() < kLeastRepetitions) {
      return usage(side->name + " has " + std::to_string(side->runs.size()) +
                   " records; a comparison needs " + std::to_string(kLeastRepetitions) +
                   " repetitions of each side at least: storm --record " + side->name +
                   "/1, then /2, /3");
    }
  }
  Comparison comparison{.differences = differences_of(first, second)};
  for (const Measure& measure : kMeasures) {
    Figure figure{.key = measure.key,
                  .title = measure.title,
                  .first = values_of(first, measure),
                  .second = values_of(second, measure)};
    if (!are_numbers(figure.first) || !are_numbers(figure.second)) {
      continue;
    }
    figure.first_median = median(figure.first);
    figure.second_median = median(figure.second);
    add_ratio(figure);
    comparison.figures.push_back(std::move(figure));
  }
  return comparison;
}

json comparison_document(const Comparison& comparison) {
  json document;
  for (const Figure& figure : comparison.figures) {
    json& each = document[figure.key];
    each = {{"first", figure.first_median}, {"second", figure.second_median}};
    if (figure.has_ratio) {
      each["ratio"] = figure.ratio;
      each["low"] = figure.low;
      each["high"] = figure.high;
    }
  }
  return document;
}

}  // namespace dialtone::emu
