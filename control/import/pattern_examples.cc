// SPDX-License-Identifier: Apache-2.0
#include "control/import/pattern_examples.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace dialtone::importing {
namespace {

constexpr std::size_t kMost = 32;
constexpr std::size_t kMaxSet = 4;  // characters of a bracket expression that are written out
constexpr std::size_t kMaxTimes = 64;

class Reader {
 public:
  Reader(std::string_view pattern, const KnownGroups& known) : left_(pattern), known_(known) {}

  PatternExamples alternatives() {
    PatternExamples found = sequence();
    while (take('|')) {
      PatternExamples other = sequence();
      found.all = found.all && other.all;
      found.texts.insert(found.texts.end(), other.texts.begin(), other.texts.end());
    }
    return bounded(std::move(found));
  }

 private:
  PatternExamples sequence() {
    PatternExamples found{{""}, true};
    while (!left_.empty() && left_.front() != '|' && left_.front() != ')') {
      const bool is_dot = left_.front() == '.';
      found = joined(found, repeated(atom(), is_dot));
    }
    return found;
  }

  PatternExamples atom() {
    const char c = left_.front();
    left_.remove_prefix(1);
    if (c == '(') {
      return group();
    }
    if (c == '[') {
      return set();
    }
    if (c == '^' || c == '$') {
      return {{""}, true};
    }
    if (c == '\\' && !left_.empty()) {
      const char escaped = left_.front();
      left_.remove_prefix(1);
      // GNU's own: \w, \b and others.
      const bool is_class = std::isalnum(static_cast<unsigned char>(escaped)) != 0 ||
                            std::string_view("<>`'").find(escaped) != std::string_view::npos;
      return is_class ? PatternExamples{{}, false}
                      : PatternExamples{{std::string(1, escaped)}, true};
    }
    return {{std::string(1, c)}, true};
  }

  PatternExamples group() {
    const std::size_t number = ++groups_;
    PatternExamples inner = alternatives();
    take(')');
    return number < known_.size() && known_[number] ? PatternExamples{{*known_[number]}, true}
                                                    : inner;
  }

  PatternExamples set() {
    const bool is_negated = take('^');
    bool is_long = is_negated;
    PatternExamples found;
    for (bool first = true; !left_.empty() && (first || left_.front() != ']'); first = false) {
      const bool is_range = left_.size() > 2 && left_[1] == '-' && left_[2] != ']';
      const bool is_class = left_.size() > 1 && left_[0] == '[' &&
                            std::string_view(":.=").find(left_[1]) != std::string_view::npos;
      const std::string close = is_class ? std::string(1, left_[1]) + ']' : "";
      is_long = is_long || is_range || is_class;
      found.texts.emplace_back(1, left_.front());
      const std::size_t end = is_class ? left_.find(close, 2) : 0;
      left_.remove_prefix(is_range                        ? 3
                          : !is_class                     ? 1
                          : end == std::string_view::npos ? left_.size()
                                                          : end + close.size());
    }
    take(']');
    return is_long || found.texts.size() > kMaxSet ? PatternExamples{{}, false} : found;
  }

  PatternExamples repeated(PatternExamples found, bool is_dot) {
    for (bool more = true; more;) {
      if (take('*')) {
        found = {{""}, false};
      } else if (take('+')) {
        found = {is_dot ? std::vector<std::string>() : found.texts, false};
      } else if (take('?')) {
        found.texts.emplace_back();
      } else if (take('{')) {
        found = times(found, is_dot);
      } else {
        more = false;
      }
    }
    return found;
  }

  // "3}", "3,}" or "3,5}".
  PatternExamples times(const PatternExamples& each, bool is_dot) {
    const std::size_t end = std::min(left_.find('}'), left_.size());
    const std::string bounds(left_.substr(0, end));
    left_.remove_prefix(std::min(end + 1, left_.size()));
    std::size_t least = 0;
    for (const char c : bounds.substr(0, bounds.find(','))) {
      least = std::min(least * 10 + static_cast<std::size_t>(c - '0'), kMaxTimes + 1);
    }
    PatternExamples found{{""}, bounds.find(',') == std::string::npos && !is_dot};
    if (least > kMaxTimes || (is_dot && least != 0)) {
      return {{}, false};
    }
    for (std::size_t i = 0; i < least; ++i) {
      found = joined(found, each);
    }
    return found;
  }

  static PatternExamples joined(const PatternExamples& before, const PatternExamples& behind) {
    PatternExamples found{{}, before.all && behind.all};
    for (const std::string& left : before.texts) {
      for (const std::string& right : behind.texts) {
        found.texts.push_back(left + right);
      }
    }
    return bounded(std::move(found));
  }

  static PatternExamples bounded(PatternExamples found) {
    if (found.texts.size() > kMost) {
      found.texts.resize(kMost);
      found.all = false;
    }
    return found;
  }

  bool take(char c) {
    if (!left_.starts_with(c)) {
      return false;
    }
    left_.remove_prefix(1);
    return true;
  }

  std::string_view left_;
  const KnownGroups& known_;
  std::size_t groups_ = 0;
};

}  // namespace

PatternExamples examples_of(std::string_view pattern, const KnownGroups& known) {
  return Reader(pattern, known).alternatives();
}

}  // namespace dialtone::importing
