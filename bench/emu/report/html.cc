// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/report/html.h"

#include "bench/emu/report/style.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>

namespace dialtone::emu {

std::string grouped(std::uint64_t value) {
  std::string text = std::to_string(value);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) {
    text.insert(static_cast<std::size_t>(at), ",");
  }
  return text;
}

std::string html_text(const std::string& text) {
  std::string out;
  for (const char letter : text) {
    switch (letter) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += letter;
    }
  }
  return out;
}

std::string fixed(double value, int digits) {
  char text[48];
  std::snprintf(text, sizeof(text), "%.*f", digits, value);
  return text;
}

std::string ms_text(double ms) {
  return ms < 1000 ? fixed(ms, ms < 10    ? 3
                               : ms < 100 ? 2
                                          : 1)
                   : grouped(static_cast<std::uint64_t>(std::llround(ms)));
}

std::string words_of(std::string key) {
  std::replace(key.begin(), key.end(), '_', ' ');
  return key;
}

std::string cell(const std::string& text, bool is_number) {
  return std::string(is_number ? "<td class=\"n\">" : "<td>") + html_text(text) + "</td>";
}

std::string code(const std::string& text) {
  std::string out = "<code>";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    out += "<span>" + html_text(text.substr(at, end - at)) + "</span>";
    out += end < text.size() ? " " : "";
    at = end + 1;
  }
  return out + "</code>";
}

std::string table(const std::string& rows) {
  return "<div class=\"table\"><table>\n" + rows + "</table></div>\n";
}

std::string verdict_word(const std::vector<Budget>& budgets) {
  if (budgets.empty()) {
    return {};
  }
  const bool passed = std::all_of(budgets.begin(), budgets.end(),
                                  [](const Budget& budget) { return budget.holds; });
  return std::string(": <span class=\"") + (passed ? "pass\">PASS" : "fail\">FAIL") + "</span>";
}

std::string budget_list(const std::vector<Budget>& budgets) {
  std::string out = "<ul class=\"budgets\">\n";
  for (const Budget& budget : budgets) {
    out += std::string("<li class=\"") + (budget.holds ? "pass\">✓ " : "fail\">✗ ") + "<code>" +
           html_text(budget.claim) + "</code>" +
           (budget.holds ? "" : " – " + html_text(budget.why)) + "</li>\n";
  }
  return out + "</ul>\n";
}

std::string key_table(const nlohmann::json& values) {
  std::string rows;
  for (const auto& [key, value] : values.items()) {
    if (!value.is_structured()) {
      rows += "<tr>" + cell(key) + "<td>" +
              code(value.is_string() ? value.get<std::string>() : value.dump()) + "</td></tr>\n";
    }
  }
  return table(rows);
}

std::string section(const std::string& title, const std::string& body) {
  return "<section>\n<h2>" + title + "</h2>\n" + body + "</section>\n";
}

std::string page_of(const std::string& title, const std::string& body) {
  return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
         "<title>" +
         html_text(title) + "</title><style>" + std::string(kReportStyle) +
         "</style></head><body>\n" + body + "</body></html>\n";
}

}  // namespace dialtone::emu
