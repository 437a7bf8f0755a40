// SPDX-License-Identifier: Apache-2.0
#include "generator/inner_dial_plan.h"

#include <algorithm>

namespace dialtone::generator {
namespace {

constexpr std::uint32_t kMostSeconds = 35;  // one digit behind 't': 0-9, a-z

char time_digit(std::uint32_t seconds) noexcept {
  const std::uint32_t s = std::min(seconds, kMostSeconds);
  return static_cast<char>(s < 10 ? '0' + s : 'a' + (s - 10));
}

Error no_form(const DialPlan& plan, const DialRule& rule, const std::string& why) {
  return refused("dial plan '" + plan.name + "', rule '" + rule.pattern + "': " + why +
                 ", which 7905, 7912 and ATA 18x do not know; give these devices another dial "
                 "plan, or the parameter DialPlan");
}

Result<std::string> converted(const DialPlan& plan, const DialRule& rule) {
  if (!rule.rewrite.empty()) {
    return no_form(plan, rule, "it rewrites what was dialled");
  }
  std::string out;
  bool open_end = false;
  for (std::size_t i = 0; i < rule.pattern.size(); ++i) {
    const char c = rule.pattern[i];
    if (open_end) {
      return no_form(plan, rule, "something stands behind its '*'");
    }
    if (c == ',') {
      continue;  // a second dial tone, which they do not give
    }
    if (c == '*') {
      open_end = true;
    } else if (c == '\\' && i + 1 < rule.pattern.size()) {
      out += rule.pattern[++i];
    } else if ((c >= '0' && c <= '9') || c == '.' || c == '#') {
      out += c;
    } else {
      return no_form(plan, rule, std::string("it holds '") + c + "'");
    }
  }
  if (open_end || rule.timeout_s != 0) {
    out += 't';
    out += time_digit(rule.timeout_s);
    out += open_end ? "-" : "";
  }
  return out;
}

}  // namespace

Result<std::string> inner_dial_plan(const DialPlan& plan) {
  std::string text;
  for (const DialRule& rule : plan.rules) {
    if (rule.button != 0) {
      continue;
    }
    const auto part = converted(plan, rule);
    if (!part) {
      return part.error();
    }
    if (!part->empty()) {
      text += (text.empty() ? "" : "|") + *part;
    }
  }
  return text;
}

}  // namespace dialtone::generator
