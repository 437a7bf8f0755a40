// SPDX-License-Identifier: Apache-2.0
//
// Texts that an extended regular expression fits, given what its groups are to hold: the way back
// from a remap rule's replacement to the names that it replaces. A dot that stands alone is taken
// for itself, as people write names into patterns; what repeats is left out as far as it may be.
// Pure; any thread.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::importing {

struct PatternExamples {
  std::vector<std::string> texts;  // some dozens at most; each is for the pattern itself to judge
  bool all = true;                 // there are no others, but for what stands in place of a dot
};

using KnownGroups = std::array<std::optional<std::string>, 10>;  // by number; 0 is not looked at

// `pattern` is one that Regex has compiled.
PatternExamples examples_of(std::string_view pattern, const KnownGroups& known);

}  // namespace dialtone::importing
