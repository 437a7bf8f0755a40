// SPDX-License-Identifier: Apache-2.0
//
// Writes metrics as a scraper reads them: the text format 0.0.4 of Prometheus, or OpenMetrics 1.0,
// which differ in where "_total" stands and in the last line. Families come one after the other,
// each with its samples. Pure; any thread; no errors.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace dialtone::metrics {

enum class Format : std::uint8_t { kPrometheus, kOpenMetrics };

// What an answer in that format says of itself.
std::string_view content_type(Format format) noexcept;
// What a scraper that sends this header "Accept" gets; empty: none was sent.
Format format_for(std::string_view accept) noexcept;

using Label = std::pair<std::string_view, std::string_view>;
using Labels = std::initializer_list<Label>;

class Exposition {
 public:
  explicit Exposition(Format format) : format_(format) {}

  // `name` without "_total", with the prefix; `help` is a sentence.
  void begin_counter(std::string_view name, std::string_view help);
  void begin_gauge(std::string_view name, std::string_view help);
  void begin_histogram(std::string_view name, std::string_view help);

  // Of the counter or gauge that was begun last.
  void add(std::uint64_t value, Labels labels = {});
  // Of the histogram: how many were at most `bounds[i]`, and above the last bound, each counted
  // once; `sum` and the bounds in seconds.
  void add_histogram(std::span<const double> bounds, std::span<const std::uint64_t> counts,
                     double sum, Labels labels = {});

  std::string finish() &&;

 private:
  void begin(std::string_view name, std::string_view type, std::string_view help);
  void add_sample(std::string_view suffix, const Labels& labels, Label last,
                  std::string_view value);

  Format format_;
  std::string family_;
  bool counts_ = false;
  std::string text_;
};

}  // namespace dialtone::metrics
