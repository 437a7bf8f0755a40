// SPDX-License-Identifier: Apache-2.0
#include "control/assertion/lexer.h"

#include <algorithm>
#include <array>

namespace dialtone::assertion {
namespace {

// The longer ones first.
constexpr std::array<std::string_view, 17> kSigns = {
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "(", ")", "[", "]", ",", ".", "-", "+"};

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
bool is_name(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c);
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) noexcept : text_(text) {}

  Result<std::vector<Token>> run() {
    std::vector<Token> tokens;
    for (;;) {
      while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) {
        ++at_;
      }
      const std::size_t begin = at_;
      auto token = next();
      if (!token) {
        return token.error();
      }
      token->column = begin + 1;
      token->end = at_ + 1;
      tokens.push_back(*std::move(token));
      if (tokens.back().kind == TokenKind::kEnd) {
        return tokens;
      }
    }
  }

 private:
  Result<Token> next() {
    if (at_ == text_.size()) {
      return Token{};
    }
    const char first = text_[at_];
    if (first == '"' || first == '\'') {
      return quoted(first);
    }
    if (is_digit(first)) {
      return number();
    }
    if (is_name(first)) {
      return word(TokenKind::kName, [](char c) { return is_name(c) || c == '-'; });
    }
    for (const std::string_view sign : kSigns) {
      if (text_.substr(at_).starts_with(sign)) {
        at_ += sign.size();
        return Token{TokenKind::kSign, std::string(sign)};
      }
    }
    return wrong(at_ + 1, std::string("'") + first + "' begins nothing");
  }

  template <typename Belongs>
  Token word(TokenKind kind, Belongs belongs) {
    const auto end =
        std::find_if_not(text_.begin() + static_cast<std::ptrdiff_t>(at_), text_.end(), belongs);
    const std::size_t begin = at_;
    at_ = static_cast<std::size_t>(end - text_.begin());
    return {kind, std::string(text_.substr(begin, at_ - begin))};
  }

  Token number() {
    Token token = word(TokenKind::kNumber, is_digit);
    if (at_ + 1 < text_.size() && text_[at_] == '.' && is_digit(text_[at_ + 1])) {
      ++at_;
      token.text += "." + word(TokenKind::kNumber, is_digit).text;
    }
    return token;
  }

  Result<Token> quoted(char quote) {
    const std::size_t begin = at_++;
    Token token{TokenKind::kText, {}};
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == quote) {
        ++at_;
        return token;
      }
      // Other backslashes stay: "\." is for a regular expression.
      if (text_[at_] == '\\' && at_ + 1 < text_.size() &&
          (text_[at_ + 1] == quote || text_[at_ + 1] == '\\')) {
        ++at_;
      }
      token.text += text_[at_];
    }
    return wrong(begin + 1, "this text has no closing quote");
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::vector<Token>> cut(std::string_view text) {
  return Lexer(text).run();
}

Error wrong(std::size_t column, const std::string& what) {
  return usage("the assertion, column " + std::to_string(column) + ": " + what);
}

}  // namespace dialtone::assertion
