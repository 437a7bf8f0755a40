// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/diagnostic.h"

#include "dataplane/base/printable.h"

#include <algorithm>
#include <numeric>

namespace dialtone {

std::string to_string(const Diagnostic& diagnostic) {
  std::string out = diagnostic.file;
  if (diagnostic.line != 0) {
    out += ':' + std::to_string(diagnostic.line);
    if (diagnostic.column != 0) {
      out += ':' + std::to_string(diagnostic.column);
    }
  }
  out += ": " + diagnostic.code + ": " + diagnostic.text;
  return printable(out);
}

Error to_error(ErrorCode code, const Diagnostics& diagnostics) {
  Error error{code, {}};
  for (const Diagnostic& diagnostic : diagnostics) {
    if (!error.text.empty()) {
      error.text += '\n';
    }
    error.text += to_string(diagnostic);
  }
  return error;
}

namespace {

// A longer word is no slip of the hand, and looking for its neighbours takes the square of it.
constexpr std::size_t kMaxWord = 64;

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({substituted, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string nearest_word(std::string_view word, const std::vector<std::string_view>& candidates) {
  if (word.size() > kMaxWord) {
    return {};
  }
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (std::string_view candidate : candidates) {
    // What differs in length by more cannot be nearer.
    const std::size_t longer = std::max(word.size(), candidate.size());
    const std::size_t shorter = std::min(word.size(), candidate.size());
    if (longer - shorter >= best_distance || candidate == word) {
      continue;
    }
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return std::string(best);
}

}  // namespace dialtone
