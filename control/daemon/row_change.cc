// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/row_change.h"

#include <utility>

namespace dialtone::daemon {

Result<RowEdit> read_row_edit(const Arguments& arguments) {
  DIALTONE_TRY(arguments.only({"name", "set", "wait"}));
  auto name = arguments.text("name");
  if (!name) {
    return name.error();
  }
  auto pairs = arguments.pairs("set");
  if (!pairs) {
    return pairs.error();
  }
  const auto wait = arguments.flag("wait", true);
  if (!wait) {
    return wait.error();
  }
  return RowEdit{*std::move(name), *std::move(pairs), *wait};
}

Result<RowRemoval> read_row_removal(const Arguments& arguments) {
  DIALTONE_TRY(arguments.only({"names", "wait"}));
  auto names = arguments.texts("names");
  if (!names) {
    return names.error();
  }
  const auto wait = arguments.flag("wait", true);
  if (!wait) {
    return wait.error();
  }
  return RowRemoval{*std::move(names), *wait};
}

Result<NamedRow> read_named_row(const Arguments& arguments) {
  DIALTONE_TRY(arguments.only({"name", "wait"}));
  auto name = arguments.text("name");
  if (!name) {
    return name.error();
  }
  const auto wait = arguments.flag("wait", true);
  if (!wait) {
    return wait.error();
  }
  return NamedRow{*std::move(name), *wait};
}

Result<Answer> finish_change(Service& service, Change& change, bool wait, Answer answer) {
  DIALTONE_TRY(change.transaction.commit());
  auto pending = follow(service, wait);
  if (!pending) {
    return pending.error();
  }
  answer.publish = *std::move(pending);
  return answer;
}

}  // namespace dialtone::daemon
