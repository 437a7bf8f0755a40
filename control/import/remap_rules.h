// SPDX-License-Identifier: Apache-2.0
//
// The remap rules of tftpd-hpa 5.2 (in.tftpd(8), "FILENAME REMAPPING"): the name that a client asks
// for becomes the name of a file. What depends on who asks is a fault, since every client gets the
// same here. Pure; any thread.
#pragma once

#include "control/import/posix_regex.h"
#include "control/import/rule_budget.h"
#include "dataplane/base/diagnostic.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::importing {

struct RemapRule {
  std::uint32_t line = 0;
  std::uint32_t column = 0;     // of the pattern
  bool replaces = false;        // r
  bool repeats = false;         // g, from the begin until it fits no more
  bool repeats_behind = false;  // gg, behind what was put last
  bool ends = false;            // e
  bool restarts = false;        // s
  bool refuses = false;         // a
  bool inverse = false;         // ~
  std::string pattern;
  std::string replacement;
  Regex regex;
};

class RemapRules {
 public:
  // `file` is for faults, which have line and column. The rules of sound lines are there anyway,
  // as far as `budget` went, when it is given; whoever gives one says that it was spent.
  static RemapRules read(std::string_view text, const std::string& file, Diagnostics& faults,
                         RuleBudget* budget = nullptr);

  // The path that a client is given that asks for `name`; nothing: it is refused, or the rules
  // never end, which is a fault once, or the budget is spent.
  std::optional<std::string> apply(const std::string& name, Diagnostics& faults,
                                   RuleBudget* budget = nullptr) const;

  const std::string& file() const noexcept { return file_; }
  const std::vector<RemapRule>& rules() const noexcept { return rules_; }

 private:
  void read_line(std::string_view line, std::uint32_t number, Diagnostics& faults);

  std::string file_;
  std::vector<RemapRule> rules_;
};

}  // namespace dialtone::importing
