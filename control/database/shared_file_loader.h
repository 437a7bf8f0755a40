// SPDX-License-Identifier: Apache-2.0
//
// The shared rows that become files of their own: dial plans, softkey templates, feature policies
// and lists. Cold; the thread of the Database, in one transaction or snapshot.
#pragma once

#include "control/database/campus_loader.h"

namespace dialtone::database {

Result<void> load_shared_files(Database& database, CampusRows& rows);

}  // namespace dialtone::database
