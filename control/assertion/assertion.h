// SPDX-License-Identifier: Apache-2.0
//
// What a script claims of a reply: `--assert 'cm[0].port == 2000 && load != ""'`. Parsed before
// anything is asked, so that a mistyped claim changes nothing. Cold; pure; any thread.
//
//   claim    = both { "||" both }          both = one { "&&" one }
//   one      = "!" one | value [ operator value ]
//   operator = == != < <= > >= in matches  (`matches` takes a regular expression: pattern.h)
//   value    = number | "text" | true | false | null | [ value, ... ] | ( claim )
//            | path | function( claim, ... )
//   path     = name { .name | [number] | ["name"] };  env.NAME is a variable of the environment
//
// A list or an object that is compared with a number counts as its size. A path that leads nowhere
// makes the claim wrong, whichever way it is used: exists(path) asks whether it leads anywhere.
// Functions: functions.h.
#pragma once

#include "dataplane/base/result.h"

#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace dialtone::assertion {

using Json = nlohmann::json;

struct Node;

struct Verdict {
  bool holds = false;
  std::string why;  // when it does not: "load is \"\"; cm[0].port is 2001"
};

class Assertion {
 public:
  // kUsage: what is wrong, with its column.
  static Result<Assertion> parse(std::string_view text);

  Verdict check(const Json& document) const;

 private:
  explicit Assertion(std::shared_ptr<const Node> root) noexcept : root_(std::move(root)) {}
  std::shared_ptr<const Node> root_;
};

}  // namespace dialtone::assertion
