// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/report/page.h"

#include "bench/emu/report/html.h"
#include "bench/emu/report/storm_charts.h"

#include <algorithm>

namespace dialtone::emu {
namespace {

using nlohmann::json;

constexpr std::size_t kSlowest = 10;

std::string ms(std::uint64_t us) {
  return ms_text(static_cast<double>(us) / 1e3);
}

// As run.jsonl has it: 0 is never.
std::string ms_or_never(std::uint64_t us) {
  return us == 0 ? "–" : ms(us);
}

std::uint64_t whole(const json& meta, const char* key) {
  return meta.value(key, std::uint64_t{0});
}

// ---- what is decided

std::string verdict(const RunData& run, const std::vector<Budget>& budgets) {
  const std::uint64_t phones = whole(run.meta, "phones");
  const std::uint64_t ready = whole(run.meta, "ready");
  const std::vector<std::uint64_t> times = run.sorted(kPhases.size() - 1);
  std::string out = "<h1>" + grouped(ready) + " of " + grouped(phones) + " phones came up";
  if (!times.empty()) {
    out += ", the last " + ms(times.back()) + " ms after its power-on";
  }
  return out + verdict_word(budgets) + "</h1>\n" + budget_list(budgets);
}

// ---- tables

std::string accounting(const json& meta) {
  std::uint64_t sum = 0;
  std::string head = "<tr>";
  std::string row = "<tr>";
  for (const json& name : meta["fates"]["names"]) {
    const std::string key = name.get<std::string>();
    const std::uint64_t count = whole(meta["fates"]["sums"], key.c_str());
    sum += count;
    head += "<th class=\"n\">" + html_text(words_of(key)) + "</th>";
    row += cell(grouped(count), true);
  }
  const auto sent = static_cast<std::int64_t>(whole(meta, "requests"));
  return table(head + "<th class=\"n\">sent</th><th class=\"n\">unaccounted</th></tr>\n" + row +
               cell(grouped(whole(meta, "requests")), true) +
               cell(std::to_string(sent - static_cast<std::int64_t>(sum)), true) + "</tr>\n");
}

std::string phase_table(const json& meta) {
  std::string rows = "<tr><th>phase</th><th class=\"n\">phones</th>";
  for (const char* column : {"p50", "p90", "p99", "p99.9", "last"}) {
    rows += "<th class=\"n\">" + std::string(column) + " ms</th>";
  }
  rows += "</tr>\n";
  for (std::size_t phase = 0; phase < kPhases.size(); ++phase) {
    const json& times = meta["phases"][std::string(kPhases[phase])];
    rows += "<tr>" + cell(kPhaseTitles[phase]) + cell(grouped(whole(times, "count")), true);
    for (const char* key : {"p50_ms", "p90_ms", "p99_ms", "p999_ms", "max_ms"}) {
      rows += cell(times.contains(key) ? ms_text(times.value(key, 0.0)) : "–", true);
    }
    rows += "</tr>\n";
  }
  return table(rows);
}

std::string slowest_table(const RunData& run) {
  std::vector<const PhoneRun*> phones;
  for (const PhoneRun& phone : run.phones) {
    phones.push_back(&phone);
  }
  // Who has not come up is slower than all who have.
  const auto is_slower = [](const PhoneRun* one, const PhoneRun* other) {
    const bool one_up = one->outcome == "ready";
    const bool other_up = other->outcome == "ready";
    return one_up != other_up ? other_up : one->phase_us.back() > other->phase_us.back();
  };
  const std::size_t shown = std::min(kSlowest, phones.size());
  std::partial_sort(phones.begin(), phones.begin() + static_cast<std::ptrdiff_t>(shown),
                    phones.end(), is_slower);
  std::string rows =
      "<tr><th>MAC</th><th>model</th><th>outcome</th><th>file asked for last</th>"
      "<th class=\"n\">first answer ms</th><th class=\"n\">configuration ms</th>"
      "<th class=\"n\">end ms</th><th class=\"n\">again</th></tr>\n";
  for (std::size_t i = 0; i < shown; ++i) {
    const PhoneRun& phone = *phones[i];
    rows += "<tr>" + cell(phone.mac) + cell(phone.model) + cell(phone.outcome) + cell(phone.file);
    for (const std::size_t phase : {0, 2, 3}) {
      rows += cell(ms_or_never(phone.phase_us[phase]), true);
    }
    rows += cell(grouped(phone.retries), true) + "</tr>\n";
  }
  return table(rows);
}

// Where the generator was as slow as what it measured.
std::string limits(const json& meta) {
  std::string out;
  for (const json& limit : meta["generator"].value("limits", json::array())) {
    out += "<p class=\"fail\">It was a limit itself: " + html_text(limit.get<std::string>()) +
           ".</p>\n";
  }
  return out;
}

std::string correctness(const json& meta) {
  return "<p>" + grouped(whole(meta, "files")) + " files came whole; " +
         grouped(whole(meta, "verified")) +
         " were held against the origin and are byte for byte the "
         "same; " +
         grouped(whole(meta, "wrong_bytes")) + " phones got a wrong one, " +
         grouped(whole(meta, "torn")) + " one of two states.</p>\n";
}

}  // namespace

std::string report_page(const RunData& run, const std::vector<Budget>& budgets) {
  return page_of(
      "Boot storm",
      verdict(run, budgets) +
          section("Time to come up",
                  "<p class=\"quiet\">Up is who has all the files of its boot; dial tone needs the "
                  "call manager as well, which is not in this.</p>" +
                      dial_tone_chart(run) + phase_table(run.meta)) +
          section("Requests", fates_chart(run.meta) + accounting(run.meta)) +
          section("Percentiles", percentile_chart(run)) +
          section("Who was last", slowest_table(run)) +
          section("Correctness", correctness(run.meta)) +
          section("The generator itself", limits(run.meta) + key_table(run.meta["generator"])) +
          section("Conditions", key_table(run.meta["conditions"])));
}

}  // namespace dialtone::emu
