// SPDX-License-Identifier: Apache-2.0
//
// An import on a thread of its own, with a connection of its own, so that control's thread serves
// on: 100,000 phones take seconds. One at a time; other changes are refused meanwhile. Owned by the
// answer that waits for it.
#pragma once

#include "control/daemon/background_work.h"
#include "control/database/database.h"
#include "control/import/import_progress.h"
#include "control/import/import_report.h"
#include "dataplane/base/diagnostic.h"
#include "dataplane/base/result.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace dialtone::daemon {

struct ImportRun {
  std::string file;  // for messages
  std::string text;
  bool check = false;
  bool wait = true;
  importing::ImportProgress progress;
  // Of the thread until its work is done.
  std::optional<Result<importing::ImportReport>> report;
  Diagnostics faults;
};

// Imports run.text, and writes run.faults and run.progress.
using ImportText = std::function<Result<importing::ImportReport>(database::Database&, ImportRun&)>;

// The work that sets run->report. An Error: the database cannot be opened once more.
Result<std::unique_ptr<BackgroundWork>> begin_import(std::shared_ptr<ImportRun> run,
                                                     const std::string& database,
                                                     ImportText import);

// "an import of phones.csv is going on (12000 of 20001 rows)", for messages.
std::string going_on(const ImportRun& run);

}  // namespace dialtone::daemon
