// SPDX-License-Identifier: Apache-2.0
#include "control/import/posix_regex.h"

#include "dataplane/base/pattern_size.h"

#include <cctype>

namespace dialtone::importing {
namespace {

// The library's reading of it goes so deep into the stack, a group in a group.
constexpr std::size_t kMaxPattern = 1000;

// Why it is not compiled at all; empty: it may be.
std::string too_large(const std::string& pattern) {
  if (pattern.size() > kMaxPattern) {
    return "it has more than " + std::to_string(kMaxPattern) + " bytes";
  }
  // Wherever it stands: what a brace of a bracket expression begins is no repetition.
  for (std::size_t i = 0; i + 1 < pattern.size(); ++i) {
    if (pattern[i] == '\\' && std::isdigit(static_cast<unsigned char>(pattern[++i])) != 0) {
      return "it refers to a group of its own";  // which takes as long as it likes
    }
  }
  return pattern_size_fault(pattern);
}

}  // namespace

Result<Regex> Regex::compile(const std::string& pattern, bool any_case) {
  if (const std::string why = too_large(pattern); !why.empty()) {
    return refused(why);
  }
  auto compiled = std::make_unique<regex_t>();
  const int flags = REG_EXTENDED | (any_case ? REG_ICASE : 0);
  if (const int error = ::regcomp(compiled.get(), pattern.c_str(), flags); error != 0) {
    std::array<char, 200> text;
    ::regerror(error, compiled.get(), text.data(), text.size());
    return refused(text.data());
  }
  const auto free_it = [](regex_t* owned) {
    ::regfree(owned);
    delete owned;
  };
  return Regex(std::shared_ptr<const regex_t>(compiled.release(), free_it));
}

bool Regex::find(const std::string& text, Groups& groups, bool behind) const {
  return ::regexec(compiled_.get(), text.c_str(), groups.size(), groups.data(),
                   behind ? REG_NOTBOL : 0) == 0;
}

}  // namespace dialtone::importing
