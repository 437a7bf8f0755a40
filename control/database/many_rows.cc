// SPDX-License-Identifier: Apache-2.0
#include "control/database/many_rows.h"

#include <utility>

namespace dialtone::database {
namespace {

constexpr std::size_t kStep = 4;

}  // namespace

Chosen chosen_of(std::vector<Value> values) {
  std::size_t count = 1;
  while (count < values.size()) {
    count *= kStep;
  }
  values.resize(count, values.back());
  std::string text = "IN (";
  for (std::size_t i = 0; i < count; ++i) {
    text += i == 0 ? "?" : ", ?";
  }
  return {text + ")", std::move(values)};
}

// The largest of 1024, 256, 64, 16, 4 and 1.
std::size_t ManyRows::fitting(std::size_t rows) noexcept {
  std::size_t count = kRowsAtOnce;
  while (count > rows && count > 1) {
    count /= kStep;
  }
  return count;
}

// Parameters without numbers: SQLite looks for each that has one among those before it, which took
// 1.6 s for 1,024 devices.
std::string ManyRows::text(std::size_t rows) const {
  std::string text(before_);
  for (std::size_t i = 0; i < rows; ++i) {
    text.append(i == 0 ? "" : ", ").append(row_);
  }
  return text.append(after_);
}

}  // namespace dialtone::database
