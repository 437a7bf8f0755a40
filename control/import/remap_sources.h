// SPDX-License-Identifier: Apache-2.0
//
// The way back through remap rules: which names clients may ask for to be given a file. Rules are
// for names that come; here the files are known, and each is served under the names that lead to
// it. Pure; one thread.
#pragma once

#include "control/import/remap_rules.h"

#include <string>
#include <vector>

namespace dialtone::importing {

class RemapSources {
 public:
  // `rules` outlives this. A rule that gives one file to names without number is a fault; of one
  // that fits more names than can be listed `warnings` says so. `budget` outlives this too; null:
  // none. Once it is spent no further rule is looked at.
  RemapSources(const RemapRules& rules, Diagnostics& faults, std::vector<std::string>& warnings,
               RuleBudget* budget = nullptr);

  // Names that the rules may turn into one of `paths`, which are spellings of one file;
  // rules.apply() says whether they do. Without `paths` themselves; some dozens at most.
  std::vector<std::string> of(const std::vector<std::string>& paths) const;

 private:
  struct Way {
    std::uint32_t line = 0;  // of the rule, and its column
    std::uint32_t column = 0;
    std::string pattern;
    Regex result;              // fits what the rule may leave behind, from a place on
    std::vector<char> groups;  // of `result`: which group of the rule each is; the last is the rest
    std::string literal;       // that is in each result, for a quick look
    bool at_begin = false;     // the pattern fits at the begin alone
    bool is_empty = false;     // the rule takes away, and puts nothing
  };

  void add(const RemapRule& rule, Diagnostics& faults, std::vector<std::string>& warnings);
  void go_back(const Way& way, const std::string& name, std::size_t& tries,
               std::vector<std::string>& before) const;

  const RemapRules& rules_;
  RuleBudget* const budget_;
  std::vector<Way> ways_;
};

}  // namespace dialtone::importing
