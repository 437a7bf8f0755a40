// SPDX-License-Identifier: Apache-2.0
#include "control/database/statement.h"

namespace dialtone::database {

Result<bool> Statement::step() {
  if (done_) {
    return false;
  }
  auto row = statement_->step();
  if (!row.ok()) {
    reset();
    done_ = true;
  } else {
    done_ = !*row;
  }
  return row;
}

Result<void> Statement::run() {
  for (;;) {
    const auto row = step();
    if (!row) {
      return row.error();
    }
    if (!*row) {
      reset();
      return {};
    }
  }
}

void Statement::reset() noexcept {
  statement_->reset();
  done_ = false;
}

void Statement::bind(int index, std::optional<std::int64_t> value) {
  if (value) {
    bind(index, *value);
  } else {
    statement_->bind_null(index);
  }
}

void Statement::bind(int index, const Value& value) {
  switch (value.kind) {
    case Value::Kind::kNull:
      statement_->bind_null(index);
      break;
    case Value::Kind::kInteger:
      bind(index, value.integer);
      break;
    case Value::Kind::kText:
      bind(index, value.text);
      break;
  }
}

}  // namespace dialtone::database
