// SPDX-License-Identifier: Apache-2.0
#include "generator/shared/dial_rule.h"

#include "generator/shared/file_rules.h"

#include <algorithm>
#include <string>
#include <vector>

namespace dialtone::generator {
namespace {

constexpr std::size_t kMostTones = 3;

const std::vector<std::string_view>& tone_names() {
  static const std::vector<std::string_view> kNames = {
      "Bellcore-Inside",      "Bellcore-Outside", "Bellcore-Busy",     "Bellcore-Reorder",
      "Bellcore-CallWaiting", "Bellcore-Hold",    "Bellcore-Reminder", "Bellcore-Confirmation",
      "Bellcore-Permanent",   "Bellcore-None",    "Cisco-Zip",         "Cisco-ZipZip",
      "Cisco-BeepBonk"};
  return kNames;
}

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool is_host_character(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
         c == '_';
}

Error unknown_character(std::string_view text, std::size_t at, const char* takes) {
  return refused("'" + std::string(text) + "': character " + std::to_string(at + 1) +
                 " is none that a phone knows there; it takes " + takes);
}

Result<void> in_field(const char* field, const Result<void>& checked) {
  return checked ? Result<void>() : refused(std::string(field) + ": " + checked.error().text);
}

}  // namespace

Result<void> check_dial_pattern(std::string_view pattern) {
  constexpr std::string_view kOthers = "#.*,";
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\' && i + 1 < pattern.size() && pattern[i + 1] == '*') {
      ++i;
    } else if (!is_digit(pattern[i]) && kOthers.find(pattern[i]) == std::string_view::npos) {
      return unknown_character(pattern, i, "digits, '#', '.', '*', '\\*' and ','");
    }
  }
  return {};
}

Result<void> check_dial_rewrite(std::string_view rewrite) {
  constexpr std::string_view kBehindPercent = "012345%.";
  for (std::size_t i = 0; i < rewrite.size(); ++i) {
    const char c = rewrite[i];
    if (c == '%') {
      if (i + 1 == rewrite.size() ||
          kBehindPercent.find(rewrite[i + 1]) == std::string_view::npos) {
        return unknown_character(rewrite, i + 1, "0 to 5, '%' or '.' behind a '%'");
      }
      ++i;
    } else if (c <= ' ' || c > '~') {
      return unknown_character(rewrite, i, "characters of ASCII without blanks");
    }
  }
  return {};
}

Result<void> check_dial_route(std::string_view route) {
  return std::all_of(route.begin(), route.end(), is_host_character)
             ? Result<void>()
             : refused("'" + std::string(route) +
                       "' is no route; it is default, emergency, or the name of a host");
}

Result<void> check_dial_tones(std::string_view tones) {
  std::size_t count = 0;
  while (!tones.empty()) {
    const std::size_t end = std::min(tones.find(','), tones.size());
    const std::string_view tone = tones.substr(0, end);
    const auto& known = tone_names();
    if (std::find(known.begin(), known.end(), tone) == known.end()) {
      return not_among("tone", tone, known);
    }
    if (++count > kMostTones) {
      return refused("a rule has at most " + std::to_string(kMostTones) + " tones; leave some out");
    }
    if (end + 1 == tones.size()) {
      return refused("a tone is missing behind the last ','");
    }
    tones.remove_prefix(std::min(end + 1, tones.size()));
  }
  return {};
}

Result<void> check_dial_rule(const DialRule& rule) {
  DIALTONE_TRY(in_field("pattern", check_dial_pattern(rule.pattern)));
  DIALTONE_TRY(in_field("rewrite", check_dial_rewrite(rule.rewrite)));
  DIALTONE_TRY(in_field("route", check_dial_route(rule.route)));
  return in_field("tone", check_dial_tones(rule.tone));
}

}  // namespace dialtone::generator
