// SPDX-License-Identifier: Apache-2.0
#include "control/metrics/exposition.h"

#include <charconv>

namespace dialtone::metrics {
namespace {

// In HELP a quote stands for itself, in a label's value it ends it.
std::string escaped(std::string_view text, bool in_quotes) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || (c == '"' && in_quotes)) {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

// The shortest text that reads as the same number: "0.003", "10".
std::string number_text(double number) {
  char digits[64];
  const auto end =
      std::to_chars(digits, digits + sizeof(digits), number, std::chars_format::fixed).ptr;
  return {digits, end};
}

}  // namespace

std::string_view content_type(Format format) noexcept {
  return format == Format::kOpenMetrics
             ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
             : "text/plain; version=0.0.4; charset=utf-8";
}

Format format_for(std::string_view accept) noexcept {
  return accept.find("application/openmetrics-text") != std::string_view::npos
             ? Format::kOpenMetrics
             : Format::kPrometheus;
}

void Exposition::begin(std::string_view name, std::string_view type, std::string_view help) {
  family_ = name;
  counts_ = type == "counter";
  const std::string_view suffix = counts_ && format_ == Format::kPrometheus ? "_total" : "";
  text_ += "# HELP ";
  text_.append(name).append(suffix);
  text_ += ' ' + escaped(help, /*in_quotes=*/format_ == Format::kOpenMetrics) + '\n';
  text_ += "# TYPE ";
  text_.append(name).append(suffix);
  text_ += ' ';
  text_.append(type);
  text_ += '\n';
}

void Exposition::begin_counter(std::string_view name, std::string_view help) {
  begin(name, "counter", help);
}

void Exposition::begin_gauge(std::string_view name, std::string_view help) {
  begin(name, "gauge", help);
}

void Exposition::begin_histogram(std::string_view name, std::string_view help) {
  begin(name, "histogram", help);
}

void Exposition::add(std::uint64_t value, Labels labels) {
  add_sample(counts_ ? "_total" : "", labels, {}, std::to_string(value));
}

void Exposition::add_histogram(std::span<const double> bounds,
                               std::span<const std::uint64_t> counts, double sum, Labels labels) {
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    below += counts[i];
    // OpenMetrics wants "1.0" where "1" would be a whole number.
    std::string bound = i < bounds.size() ? number_text(bounds[i]) : "+Inf";
    if (i < bounds.size() && bound.find('.') == std::string::npos) {
      bound += ".0";
    }
    add_sample("_bucket", labels, {"le", bound}, std::to_string(below));
  }
  add_sample("_sum", labels, {}, number_text(sum));
  add_sample("_count", labels, {}, std::to_string(below));
}

void Exposition::add_sample(std::string_view suffix, const Labels& labels, Label last,
                            std::string_view value) {
  text_.append(family_).append(suffix);
  char before = '{';
  const auto add_label = [&](const Label& label) {
    text_ += before;
    text_.append(label.first);
    text_ += "=\"" + escaped(label.second, /*in_quotes=*/true) + '"';
    before = ',';
  };
  for (const Label& label : labels) {
    add_label(label);
  }
  if (!last.first.empty()) {
    add_label(last);
  }
  text_ += before == ',' ? "} " : " ";
  text_.append(value);
  text_ += '\n';
}

std::string Exposition::finish() && {
  if (format_ == Format::kOpenMetrics) {
    text_ += "# EOF\n";
  }
  return std::move(text_);
}

}  // namespace dialtone::metrics
