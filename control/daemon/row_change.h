// SPDX-License-Identifier: Apache-2.0
//
// What commands that change rows of the database have in common: their arguments, and their end.
// One thread.
#pragma once

#include "control/daemon/commands.h"

#include <string>
#include <vector>

namespace dialtone::daemon {

// "name", "set" and "wait".
struct RowEdit {
  std::string name;
  Arguments::Pairs pairs;
  bool wait = true;
};
Result<RowEdit> read_row_edit(const Arguments& arguments);

// "names" and "wait".
struct RowRemoval {
  std::vector<std::string> names;
  bool wait = true;
};
Result<RowRemoval> read_row_removal(const Arguments& arguments);

// "name" and "wait".
struct NamedRow {
  std::string name;
  bool wait = true;
};
Result<NamedRow> read_named_row(const Arguments& arguments);

// Commits, builds what that has touched, and gives `answer` with its publish pending.
Result<Answer> finish_change(Service& service, Change& change, bool wait, Answer answer);

}  // namespace dialtone::daemon
