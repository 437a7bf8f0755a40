// SPDX-License-Identifier: Apache-2.0
#include "control/import/fault_list.h"

#include "control/database/text_rules.h"
#include "dataplane/base/printable.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace dialtone::importing {
namespace {

// Longer than any text of ours with a few quoted words in it.
constexpr std::size_t kMaxText = 400;

}  // namespace

void FaultList::add(TextPlace place, std::string code, const std::string& text) {
  if (full()) {
    return;
  }
  ++count_;
  faults_.push_back({file_, place.line, place.column, std::move(code), excerpt(text, kMaxText)});
}

// As a person reads the file, whichever check found them.
void FaultList::close() {
  const auto mine = faults_.end() - static_cast<std::ptrdiff_t>(count_);
  std::stable_sort(mine, faults_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::pair(a.line, a.column) < std::pair(b.line, b.column);
  });
  if (full()) {
    // At the place of the last one, so that it stays behind it in any order.
    faults_.push_back({file_, faults_.back().line, 0, "too-many-faults",
                       "nothing behind this was looked at; there may be more faults"});
  }
}

}  // namespace dialtone::importing
