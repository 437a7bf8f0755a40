// SPDX-License-Identifier: Apache-2.0
#include "control/import/remap_rules.h"

#include "dataplane/base/printable.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace dialtone::importing {
namespace {

constexpr std::string_view kBlanks = " \t\r\f\v";
constexpr std::size_t kMaxName = 1024;  // no client asks for a longer one
constexpr int kMaxSteps = 4096;         // of tftp-hpa

struct Word {
  std::string text;
  std::uint32_t column = 0;
};

// A '#' ends the line wherever it stands; a backslash keeps what follows it together.
Word take_word(std::string_view line, std::size_t& at) {
  at = std::min(line.find_first_not_of(kBlanks, at), line.size());
  const std::size_t begin = at;
  while (at < line.size() && line[at] != '#' && kBlanks.find(line[at]) == std::string_view::npos) {
    at += line[at] == '\\' && at + 1 < line.size() ? 2 : 1;
  }
  Word word{std::string(line.substr(begin, at - begin)), static_cast<std::uint32_t>(begin + 1)};
  if (at < line.size() && line[at] == '#') {
    at = line.size();
  }
  return word;
}

// What is wrong with the letters of a rule, and the place of the letter; empty: nothing.
std::string fault_of_letters(std::string_view letters, std::size_t& at) {
  for (at = 0; at < letters.size(); ++at) {
    const char c = letters[at];
    if (c == '4' || c == '6') {
      return std::string("'") + c +
             "' asks for the client's kind of address, and every client "
             "gets the same here; make it a rule for all, or take it out";
    }
    if (std::string_view("rgiesa~GP").find(c) == std::string_view::npos) {
      return "operation '" + printable(letters.substr(at, 1)) +
             "' is not known here (r, g, gg, i, e, s, a, ~, G and P are); write the rule without "
             "it";
    }
  }
  at = letters.find('~');
  return at != std::string_view::npos && letters.find('r') != std::string_view::npos
             ? "'r' and '~' do not go together: nothing is there to replace; take one of them out"
             : "";
}

std::string fault_of_replacement(std::string_view replacement, std::size_t& at) {
  for (at = 0; at + 1 < replacement.size(); ++at) {
    if (replacement[at] == '\\' && (replacement[++at] == 'i' || replacement[at] == 'x')) {
      return std::string("'\\") + replacement[at] +
             "' is the client's address, and every client gets the same here; put each file under "
             "the name that is asked for, and take the rule out";
    }
  }
  return {};
}

std::string expand(const std::string& replacement, const std::string& name,
                   const Regex::Groups& groups) {
  std::string out;
  char mode = 'E';
  const auto put = [&](std::string_view text) {
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      out += mode == 'U'   ? static_cast<char>(std::toupper(byte))
             : mode == 'L' ? static_cast<char>(std::tolower(byte))
                           : c;
    }
  };
  for (std::size_t i = 0; i < replacement.size(); ++i) {
    if (replacement[i] != '\\' || i + 1 == replacement.size()) {
      put({&replacement[i], 1});
      continue;
    }
    const char escaped = replacement[++i];
    if (escaped >= '0' && escaped <= '9') {
      const regmatch_t& group = groups[static_cast<std::size_t>(escaped - '0')];
      if (group.rm_so >= 0) {
        put(std::string_view(name).substr(static_cast<std::size_t>(group.rm_so),
                                          static_cast<std::size_t>(group.rm_eo - group.rm_so)));
      }
    } else if (escaped == 'U' || escaped == 'L' || escaped == 'E') {
      mode = escaped;
    } else {
      put({&escaped, 1});
    }
  }
  return out;
}

bool may_try(const RemapRule& rule, RuleBudget* budget) {
  return budget == nullptr || budget->allows(rule.line, rule.column);
}

// False: it would never end, or the budget is spent. The rule fits `name`.
bool replace(const RemapRule& rule, std::string& name, RuleBudget* budget) {
  std::size_t from = 0;
  for (int step = 0; step < kMaxSteps && name.size() <= kMaxName && may_try(rule, budget); ++step) {
    Regex::Groups groups;
    const std::string rest = name.substr(from);
    if (!rule.regex.find(rest, groups, from != 0)) {
      return true;
    }
    const std::string text = expand(rule.replacement, rest, groups);
    const std::size_t begin = from + static_cast<std::size_t>(groups[0].rm_so);
    name.replace(begin, static_cast<std::size_t>(groups[0].rm_eo - groups[0].rm_so), text);
    from = rule.repeats_behind ? begin + text.size() : 0;
    if (!rule.repeats || (rule.repeats_behind && from >= name.size())) {
      return true;
    }
  }
  return false;
}

}  // namespace

RemapRules RemapRules::read(std::string_view text, const std::string& file, Diagnostics& faults,
                            RuleBudget* budget) {
  RemapRules rules;
  rules.file_ = file;
  for (std::uint32_t number = 1; !text.empty() && (budget == nullptr || budget->allows(number, 0));
       ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    rules.read_line(text.substr(0, end), number, faults);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return rules;
}

void RemapRules::read_line(std::string_view line, std::uint32_t number, Diagnostics& faults) {
  std::size_t at = 0;
  const Word letters = take_word(line, at);
  if (letters.text.empty()) {
    return;
  }
  const Word pattern = take_word(line, at);
  const Word replacement = take_word(line, at);
  const std::size_t before = faults.size();
  const auto fault = [&](std::size_t column, const char* code, std::string text) {
    faults.push_back({file_, number, static_cast<std::uint32_t>(column), code, std::move(text)});
  };
  std::size_t where = 0;
  if (std::string wrong = fault_of_letters(letters.text, where); !wrong.empty()) {
    fault(letters.column + where, "unknown-rule", std::move(wrong));
  }
  if (pattern.text.empty()) {
    fault(
        line.size() + 1, "unknown-rule",
        "it has no pattern; a rule is letters, a pattern and, with 'r', what is put in its place");
    return;
  }
  if (std::string wrong = fault_of_replacement(replacement.text, where); !wrong.empty()) {
    fault(replacement.column + where - 1, "unknown-rule", std::move(wrong));
  }
  const auto has = [&](char c) { return letters.text.find(c) != std::string::npos; };
  auto regex = Regex::compile(pattern.text, has('i'));
  if (!regex) {
    fault(pattern.column, "bad-pattern",
          "'" + printable(pattern.text) + "': " + regex.error().text + "; see regex(7)");
  }
  // P is of files that clients write, which nobody does here.
  if (faults.size() == before && !has('P')) {
    rules_.push_back({number, pattern.column, has('r'), has('g'),
                      std::count(letters.text.begin(), letters.text.end(), 'g') > 1, has('e'),
                      has('s'), has('a'), has('~'), pattern.text, replacement.text,
                      *std::move(regex)});
  }
}

std::optional<std::string> RemapRules::apply(const std::string& asked, Diagnostics& faults,
                                             RuleBudget* budget) const {
  std::string name = asked;
  int steps = 0;
  for (std::size_t i = 0; i < rules_.size();) {
    const RemapRule& rule = rules_[i++];
    if (!may_try(rule, budget)) {
      return std::nullopt;
    }
    if (rule.regex.fits(name) == rule.inverse) {
      continue;
    }
    if (rule.refuses) {
      return std::nullopt;
    }
    const bool is_replaced = !rule.replaces || replace(rule, name, budget);
    if (budget != nullptr && budget->is_spent()) {
      return std::nullopt;
    }
    if (!is_replaced || (rule.restarts && ++steps > kMaxSteps)) {
      const bool said = std::any_of(faults.begin(), faults.end(), [&](const Diagnostic& each) {
        return each.code == "endless-rule" && each.line == rule.line;
      });
      if (!said) {
        faults.push_back({file_, rule.line, rule.column, "endless-rule",
                          "it never ends for the name '" + printable(asked) +
                              "'; let the pattern fit less, or take 'g' or 's' out"});
      }
      return std::nullopt;
    }
    if (rule.ends) {
      break;
    }
    i = rule.restarts ? 0 : i;
  }
  return name;
}

}  // namespace dialtone::importing
