// SPDX-License-Identifier: Apache-2.0
#include "control/assertion/functions.h"
#include "control/assertion/lexer.h"
#include "control/assertion/node.h"
#include "dataplane/base/diagnostic.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace dialtone::assertion {
namespace {

// Deep enough for a person, and far from the end of the stack.
constexpr std::size_t kMaxDepth = 64;
constexpr std::array<std::string_view, 8> kOperators = {
    "==", "!=", "<", "<=", ">", ">=", "in", "matches"};

class Parser {
 public:
  Parser(std::string_view text, std::vector<Token> tokens)
      : text_(text), tokens_(std::move(tokens)) {}

  Result<Node> run() {
    auto root = claim();
    if (root && now().kind != TokenKind::kEnd) {
      return wrong(now().column, "'" + now().text + "' does not belong here");
    }
    return root;
  }

 private:
  const Token& now() const noexcept { return tokens_[at_]; }
  bool is(std::string_view sign) const noexcept {
    return now().kind == TokenKind::kSign && now().text == sign;
  }
  bool take(std::string_view sign) noexcept {
    const bool found = is(sign);
    at_ += found ? 1 : 0;
    return found;
  }

  Result<void> want(std::string_view sign) {
    return take(sign) ? Result<void>()
                      : wrong(now().column, "here must stand '" + std::string(sign) + "'");
  }

  Result<Node> claim() { return chain(NodeKind::kOr, "||", &Parser::both); }
  Result<Node> both() { return chain(NodeKind::kAnd, "&&", &Parser::one); }

  Result<Node> chain(NodeKind kind, std::string_view sign, Result<Node> (Parser::*part)()) {
    auto first = (this->*part)();
    if (!first || !is(sign)) {
      return first;
    }
    Node node{.kind = kind};
    node.children.push_back(*std::move(first));
    while (take(sign)) {
      auto next = (this->*part)();
      if (!next) {
        return next;
      }
      node.children.push_back(*std::move(next));
    }
    return node;
  }

  Result<Node> one() {
    if (++depth_ > kMaxDepth) {
      return wrong(now().column, "too many brackets in one another");
    }
    auto node = negation();
    --depth_;
    return node;
  }

  Result<Node> negation() {
    if (take("!")) {
      auto inner = one();
      if (!inner) {
        return inner;
      }
      Node node{.kind = NodeKind::kNot};
      node.children.push_back(*std::move(inner));
      return node;
    }
    auto left = value();
    if (!left || std::find(kOperators.begin(), kOperators.end(), now().text) == kOperators.end() ||
        now().kind == TokenKind::kText) {
      return left;
    }
    Node node{.kind = NodeKind::kCompare, .text = now().text};
    ++at_;
    const std::size_t column = now().column;
    auto right = value();
    if (!right) {
      return right;
    }
    if (node.text == "matches") {
      DIALTONE_TRY(compile(*right, column, node));
    }
    node.children.push_back(*std::move(left));
    node.children.push_back(*std::move(right));
    return node;
  }

  static Result<void> compile(const Node& right, std::size_t column, Node& node) {
    if (right.kind != NodeKind::kLiteral || !right.value.is_string()) {
      return wrong(column, "behind 'matches' stands a text, a regular expression");
    }
    auto pattern = Pattern::compile(right.value.get<std::string>());
    if (!pattern) {
      return wrong(column, "no regular expression that is taken: " + pattern.error().text);
    }
    node.pattern = *std::move(pattern);
    return {};
  }

  Result<Node> value() {
    const Token token = now();
    if (take("(")) {
      auto inner = claim();
      if (inner) {
        DIALTONE_TRY(want(")"));
      }
      return inner;
    }
    if (take("[")) {
      return list();
    }
    const bool is_negative = take("-");
    if (now().kind == TokenKind::kNumber) {
      return number(is_negative);
    }
    if (is_negative || token.kind == TokenKind::kSign || token.kind == TokenKind::kEnd) {
      return wrong(now().column, "a value is missing here");
    }
    ++at_;
    if (token.kind == TokenKind::kText) {
      return Node{.value = token.text};
    }
    if (token.text == "true" || token.text == "false") {
      return Node{.value = token.text == "true"};
    }
    if (token.text == "null") {
      return Node{};
    }
    return is("(") ? call(token) : path(token);
  }

  Result<Node> number(bool is_negative) {
    const std::string text = (is_negative ? "-" : "") + now().text;
    const std::size_t column = now().column;
    ++at_;
    Node node;
    std::int64_t whole = 0;
    double real = 0;
    const char* end = text.data() + text.size();
    if (std::from_chars(text.data(), end, whole).ptr == end) {
      node.value = whole;
    } else if (std::from_chars(text.data(), end, real).ptr == end) {
      node.value = real;
    } else {
      return wrong(column, "'" + text + "' is no number that can be compared");
    }
    return node;
  }

  // Claims with ',' between them, up to the sign that closes them.
  Result<void> claims(std::string_view closing, std::vector<Node>& all) {
    while (!is(closing)) {
      auto one = claim();
      if (!one) {
        return one.error();
      }
      all.push_back(*std::move(one));
      if (!take(",")) {
        break;
      }
    }
    return want(closing);
  }

  Result<Node> list() {
    Node node{.kind = NodeKind::kList};
    DIALTONE_TRY(claims("]", node.children));
    return node;
  }

  Result<Node> call(const Token& name) {
    const Function* function = find_function(name.text);
    if (function == nullptr) {
      std::vector<std::string_view> known;
      for (const Function& each : functions()) {
        known.push_back(each.name);
      }
      const std::string near = nearest_word(name.text, known);
      return wrong(name.column, "there is no function '" + name.text + "'" +
                                    (near.empty() ? "" : "; did you mean '" + near + "'?"));
    }
    take("(");
    Node node{.kind = NodeKind::kCall, .text = name.text};
    DIALTONE_TRY(claims(")", node.children));
    if (node.children.size() != function->arguments) {
      return wrong(name.column, name.text + "() takes " + std::to_string(function->arguments) +
                                    ", not " + std::to_string(node.children.size()));
    }
    if (function->call == nullptr && node.children[0].kind != NodeKind::kPath) {
      return wrong(name.column, name.text + "() takes a path");
    }
    return node;
  }

  Result<Node> path(const Token& first) {
    Node node{.kind = NodeKind::kPath};
    node.steps.push_back({first.text});
    std::size_t end = first.end;
    for (;;) {
      if (take(".")) {
        if (now().kind != TokenKind::kName) {
          return wrong(now().column, "behind '.' stands a name");
        }
        node.steps.push_back({now().text});
      } else if (take("[")) {
        DIALTONE_TRY(index(node));
      } else {
        break;
      }
      end = now().end;
      ++at_;
    }
    node.text = text_.substr(first.column - 1, end - first.column);
    return node;
  }

  // Leaves the closing bracket to path().
  Result<void> index(Node& node) {
    PathStep step;
    const std::string& text = now().text;
    if (now().kind == TokenKind::kText) {
      step.name = text;
    } else if (now().kind != TokenKind::kNumber ||
               std::from_chars(text.data(), text.data() + text.size(), step.index).ptr !=
                   text.data() + text.size()) {
      return wrong(now().column, "between '[' and ']' stands a number, or a name in quotes");
    }
    ++at_;
    if (!is("]")) {
      return wrong(now().column, "here must stand ']'");
    }
    node.steps.push_back(std::move(step));
    return {};
  }

  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
};

}  // namespace

Result<Assertion> Assertion::parse(std::string_view text) {
  auto tokens = cut(text);
  if (!tokens) {
    return tokens.error();
  }
  auto root = Parser(text, *std::move(tokens)).run();
  if (!root) {
    return root.error();
  }
  return Assertion(std::make_shared<const Node>(*std::move(root)));
}

}  // namespace dialtone::assertion
