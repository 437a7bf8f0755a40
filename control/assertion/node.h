// SPDX-License-Identifier: Apache-2.0
//
// A parsed claim as a tree. Private to this folder.
#pragma once

#include "control/assertion/assertion.h"
#include "control/assertion/pattern.h"

#include <optional>
#include <vector>

namespace dialtone::assertion {

enum class NodeKind {
  kLiteral,  // value
  kList,     // children
  kPath,     // steps
  kCall,     // text: the function; children
  kNot,      // one child
  kAnd,      // children
  kOr,
  kCompare,  // text: the operator; two children
};

struct PathStep {
  std::string name;  // empty: index
  std::size_t index = 0;
};

struct Node {
  NodeKind kind = NodeKind::kLiteral;
  Json value{};
  std::string text{};  // kPath: as it was written
  std::vector<PathStep> steps{};
  std::vector<Node> children{};
  std::optional<Pattern> pattern{};  // kCompare with matches
};

}  // namespace dialtone::assertion
