// SPDX-License-Identifier: Apache-2.0
#include "control/assertion/functions.h"
#include "control/assertion/node.h"
#include "dataplane/base/diagnostic.h"

#include <algorithm>
#include <cstdlib>

namespace dialtone::assertion {
namespace {

constexpr std::string_view kEnvironment = "env";

bool is_true(const Json& value) {
  if (value.is_number()) {
    return value.get<double>() != 0;
  }
  if (value.is_string()) {
    return !value.get_ref<const std::string&>().empty();
  }
  return value.is_boolean() ? value.get<bool>() : !value.empty();
}

class Evaluation {
 public:
  explicit Evaluation(const Json& document) : document_(document) {}

  Verdict run(const Node& root) {
    const bool holds = truth(root) && missing_.empty();
    return {holds, holds ? std::string() : missing_.empty() ? seen_ : missing_};
  }

 private:
  Json value_of(const Node& node) {
    switch (node.kind) {
      case NodeKind::kLiteral:
        return node.value;
      case NodeKind::kList: {
        Json list = Json::array();
        for (const Node& child : node.children) {
          list.push_back(value_of(child));
        }
        return list;
      }
      case NodeKind::kPath:
        return path(node);
      case NodeKind::kCall:
        return call(node);
      case NodeKind::kNot:
        return !truth(node.children[0]);
      case NodeKind::kAnd:
        return std::all_of(node.children.begin(), node.children.end(),
                           [&](const Node& child) { return truth(child); });
      case NodeKind::kOr:
        return std::any_of(node.children.begin(), node.children.end(),
                           [&](const Node& child) { return truth(child); });
      case NodeKind::kCompare:
        return compare(node);
    }
    return nullptr;
  }

  bool truth(const Node& node) { return is_true(value_of(node)); }

  void add(std::string& texts, const std::string& text) {
    texts += texts.empty() ? text : "; " + text;
  }

  Json path(const Node& node) {
    if (node.steps.size() == 2 && node.steps[0].name == kEnvironment) {
      const char* variable = std::getenv(node.steps[1].name.c_str());
      if (variable == nullptr) {
        add(missing_, "the environment has no " + node.steps[1].name);
        return nullptr;
      }
      return std::string(variable);
    }
    const Json* at = &document_;
    for (const PathStep& step : node.steps) {
      const Json* next = step_from(*at, step);
      if (next == nullptr) {
        add(missing_, nowhere(node, *at, step));
        return nullptr;
      }
      at = next;
    }
    add(seen_, node.text + " is " + shown(*at));
    return *at;
  }

  static const Json* step_from(const Json& at, const PathStep& step) {
    if (step.name.empty()) {
      return at.is_array() && step.index < at.size() ? &at[step.index] : nullptr;
    }
    const auto found = at.is_object() ? at.find(step.name) : at.end();
    return found == at.end() ? nullptr : &*found;
  }

  static std::string shown(const Json& value) {
    constexpr std::size_t kMost = 80;
    std::string text = value.dump(-1, ' ', true, Json::error_handler_t::replace);
    return text.size() <= kMost ? text : text.substr(0, kMost) + "...";
  }

  static std::string nowhere(const Node& node, const Json& at, const PathStep& step) {
    std::string text = node.text + " leads nowhere";
    if (step.name.empty()) {
      return text + ": " +
             (at.is_array() ? "the list has " + std::to_string(at.size()) : "no list");
    }
    std::vector<std::string_view> known;
    if (at.is_object()) {
      for (const auto& item : at.items()) {
        known.push_back(item.key());
      }
    }
    const std::string near = nearest_word(step.name, known);
    return text + (near.empty() ? "" : "; did you mean '" + near + "'?");
  }

  Json call(const Node& node) {
    const Function& function = *find_function(node.text);
    if (function.call == nullptr) {
      Evaluation alone(document_);
      alone.path(node.children[0]);
      return alone.missing_.empty();
    }
    std::vector<Json> arguments;
    for (const Node& child : node.children) {
      arguments.push_back(value_of(child));
    }
    Json result = function.call(document_, arguments);
    std::string text = node.text + "(";
    for (const Json& argument : arguments) {
      text += (&argument == arguments.data() ? "" : ", ") + shown(argument);
    }
    add(seen_, text + ") is " + shown(result));
    return result;
  }

  // A text that is not looked at makes the claim wrong, with '!' too.
  bool matches(const Node& node, const std::string& text) {
    if (text.size() > Pattern::kMaxText) {
      const Node& left = node.children[0];
      add(missing_, (left.kind == NodeKind::kPath ? left.text : "the text") + " has " +
                        std::to_string(text.size()) + " bytes; 'matches' looks at " +
                        std::to_string(Pattern::kMaxText) + " at most");
      return false;
    }
    return node.pattern->fits(text);
  }

  Json compare(const Node& node) {
    Json left = value_of(node.children[0]);
    Json right = value_of(node.children[1]);
    if (node.text == "matches") {
      return left.is_string() && matches(node, left.get_ref<const std::string&>());
    }
    if (node.text == "in") {
      return right.is_array() && std::find(right.begin(), right.end(), left) != right.end();
    }
    if (left.is_structured() && right.is_number()) {
      left = left.size();
    } else if (right.is_structured() && left.is_number()) {
      right = right.size();
    }
    if (node.text == "==" || node.text == "!=") {
      return (left == right) == (node.text == "==");
    }
    const bool can =
        (left.is_number() && right.is_number()) || (left.is_string() && right.is_string());
    if (!can) {
      return false;
    }
    return node.text == "<"    ? left < right
           : node.text == "<=" ? left <= right
           : node.text == ">"  ? left > right
                               : left >= right;
  }

  const Json& document_;
  std::string seen_;     // what the paths and functions gave
  std::string missing_;  // which led nowhere, or to what is not looked at
};

}  // namespace

Verdict Assertion::check(const Json& document) const {
  return Evaluation(document).run(*root_);
}

}  // namespace dialtone::assertion
