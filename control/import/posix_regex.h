// SPDX-License-Identifier: Apache-2.0
//
// An extended regular expression of POSIX, as egrep and the remap rules of tftpd-hpa have them.
// Its size is bounded: what it takes to compile one grows with the product of its repetitions.
// Any thread; copies share what was compiled.
#pragma once

#include "dataplane/base/result.h"

#include <regex.h>

#include <array>
#include <memory>
#include <string>

namespace dialtone::importing {

class Regex {
 public:
  // What the whole fits, then what each group does; rm_so is -1 where a group takes no part.
  using Groups = std::array<regmatch_t, 10>;

  // kRefused: it is none, or one that would take too long, with the reason.
  static Result<Regex> compile(const std::string& pattern, bool any_case);

  // The first place that fits. `behind`: the text is the rest of one, so that ^ fits nowhere.
  bool find(const std::string& text, Groups& groups, bool behind = false) const;
  bool fits(const std::string& text) const {
    Groups groups;
    return find(text, groups);
  }

 private:
  explicit Regex(std::shared_ptr<const regex_t> compiled) : compiled_(std::move(compiled)) {}

  std::shared_ptr<const regex_t> compiled_;
};

}  // namespace dialtone::importing
