// SPDX-License-Identifier: Apache-2.0
#include "control/import/remap_sources.h"

#include "control/import/pattern_examples.h"
#include "dataplane/base/printable.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <set>

namespace dialtone::importing {
namespace {

constexpr std::size_t kMostNames = 64;    // of one file
constexpr std::size_t kMostTries = 2000;  // places of names that are looked at for one file
constexpr std::size_t kMaxLength = 260;   // no client can ask for a longer name
constexpr std::size_t kMostGroups = 8;    // that one replacement may use
constexpr std::string_view kSpecial = ".*+?[](){}|^$\\";

// Its bars stand within groups, so that what is at its ends holds for all of it.
bool is_one_branch(std::string_view pattern) noexcept {
  int depth = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\') {
      ++i;
    } else if (pattern[i] == '|' && depth == 0) {
      return false;
    }
    depth += pattern[i] == '(' ? 1 : pattern[i] == ')' ? -1 : 0;
  }
  return true;
}

// Clients that ask for one of these are served the other: case and slashes are the same to them.
std::string folded(std::string_view name) {
  name.remove_prefix(std::min(name.find_first_not_of("/\\"), name.size()));
  std::string out(name);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) {
    return c == '\\' ? '/' : static_cast<char>(std::tolower(c));
  });
  return out;
}

struct Replacement {
  std::string regex;         // that fits its results, each group of the rule as (.*)
  std::vector<char> groups;  // in their order
  std::string literal;       // the longest piece
};

Replacement read_replacement(const std::string& text) {
  Replacement read;
  std::string piece;
  const auto end_piece = [&]() {
    read.literal = piece.size() > read.literal.size() ? piece : read.literal;
    piece.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\\' && i + 1 < text.size()) {
      c = text[++i];
      if (c >= '0' && c <= '9') {
        read.groups.push_back(c);
        read.regex += "(.*)";
        end_piece();
        continue;
      }
      if (c == 'U' || c == 'L' || c == 'E') {
        continue;  // names are the same in upper and lower case
      }
    }
    read.regex += kSpecial.find(c) == std::string_view::npos ? "" : "\\";
    read.regex += c;
    piece += c;
  }
  end_piece();
  return read;
}

}  // namespace

RemapSources::RemapSources(const RemapRules& rules, Diagnostics& faults,
                           std::vector<std::string>& warnings, RuleBudget* budget)
    : rules_(rules), budget_(budget) {
  for (const RemapRule& rule : rules_.rules()) {
    if (rule.replaces && (budget_ == nullptr || budget_->allows(rule.line, rule.column))) {
      add(rule, faults, warnings);
    }
  }
}

void RemapSources::add(const RemapRule& rule, Diagnostics& faults,
                       std::vector<std::string>& warnings) {
  const Replacement replacement = read_replacement(rule.replacement);
  const auto fault = [&](const char* code, std::string text) {
    faults.push_back({rules_.file(), rule.line, rule.column, code, std::move(text)});
  };
  if (replacement.groups.size() > kMostGroups) {
    fault("unknown-rule", "the replacement has more than " + std::to_string(kMostGroups) +
                              " references to groups; write it with fewer of them");
    return;
  }
  const bool is_one = is_one_branch(rule.pattern);
  const bool at_begin = is_one && rule.pattern.starts_with('^');
  const bool at_end = is_one && rule.pattern.ends_with('$') && !rule.pattern.ends_with("\\$");
  bool keeps_all = false;  // \0: what was there is in the result
  KnownGroups known;
  for (const char group : replacement.groups) {
    keeps_all = keeps_all || group == '0';
    known[static_cast<std::size_t>(group - '0')] = "";
  }
  const bool is_listed = keeps_all || examples_of(rule.pattern, known).all;
  const bool is_whole =
      (at_begin || rule.pattern.starts_with(".*")) && (at_end || rule.pattern.ends_with(".*"));
  if (!is_listed && is_whole && replacement.groups.empty() && !replacement.regex.empty()) {
    fault("many-names", "any number of names lead to the one file '" + printable(rule.replacement) +
                            "', and none of them is listed; put the file under each name that is "
                            "asked for, and take the rule out");
    return;
  }
  if (!is_listed) {
    warnings.push_back(rules_.file() + ':' + std::to_string(rule.line) + ": '" +
                       printable(rule.pattern) +
                       "' fits more names than can be listed; files have those that can, and a "
                       "client that asks for another one is told that there is none");
  }
  const std::string rest = at_end ? "()$" : "(.*)$";
  auto regex = Regex::compile("^" + replacement.regex + rest, /*any_case=*/true);
  if (!regex) {
    fault("unknown-rule", "'" + printable(rule.replacement) + "': " + regex.error().text);
    return;
  }
  ways_.push_back({rule.line, rule.column, rule.pattern, *std::move(regex), replacement.groups,
                   replacement.literal, at_begin, replacement.regex.empty() && !at_end});
}

// From each place where what the rule puts may begin.
void RemapSources::go_back(const Way& way, const std::string& name, std::size_t& tries,
                           std::vector<std::string>& before) const {
  if (!way.literal.empty() && ::strcasestr(name.c_str(), way.literal.c_str()) == nullptr) {
    return;
  }
  const std::size_t last = way.at_begin || way.is_empty ? 0 : name.size();
  for (std::size_t begin = 0; begin <= last && tries != 0; ++begin) {
    const std::string result = name.substr(begin);
    Regex::Groups places;
    if (budget_ != nullptr && !budget_->allows(way.line, way.column)) {
      return;
    }
    --tries;
    if (!way.result.find(result, places)) {
      continue;
    }
    const auto text_of = [&](std::size_t number) {
      const regmatch_t& place = places[number];
      return place.rm_so < 0 ? std::string()
                             : result.substr(static_cast<std::size_t>(place.rm_so),
                                             static_cast<std::size_t>(place.rm_eo - place.rm_so));
    };
    KnownGroups known;
    for (std::size_t i = 0; i < way.groups.size(); ++i) {
      known[static_cast<std::size_t>(way.groups[i] - '0')] = text_of(i + 1);
    }
    const std::string rest = text_of(way.groups.size() + 1);
    const std::vector<std::string> replaced =
        known[0] ? std::vector<std::string>{*known[0]} : examples_of(way.pattern, known).texts;
    for (const std::string& each : replaced) {
      if (begin + each.size() + rest.size() <= kMaxLength) {
        before.push_back(name.substr(0, begin) + each + rest);
      }
    }
  }
}

std::vector<std::string> RemapSources::of(const std::vector<std::string>& paths) const {
  std::set<std::string> known;
  for (const std::string& path : paths) {
    known.insert(folded(path));
  }
  std::vector<std::string> names;
  std::vector<std::string> last = paths;
  std::size_t tries = kMostTries;
  // A rule may undo what one before it did: as many rounds as rules would be needed at the most.
  for (std::size_t round = 0; round < ways_.size() && !last.empty(); ++round) {
    std::vector<std::string> found;
    for (const std::string& name : last) {
      for (const Way& way : ways_) {
        go_back(way, name, tries, found);
      }
    }
    last.clear();
    for (std::string& name : found) {
      if (names.size() < kMostNames && known.insert(folded(name)).second) {
        names.push_back(name);
        last.push_back(std::move(name));
      }
    }
  }
  return names;
}

}  // namespace dialtone::importing
