// SPDX-License-Identifier: Apache-2.0
//
// Which files a shared row has, for those who know rows and not the generator. Cold; names are as
// people spell them.
#pragma once

#include "control/database/database.h"
#include "dataplane/base/result.h"

#include <string>
#include <vector>

namespace dialtone::build {

std::vector<std::string> dial_plan_files(const std::string& name);
std::vector<std::string> softkey_files(const std::string& name);
std::vector<std::string> feature_policy_files(const std::string& name);

// Refused when one of the files cannot be made of the rows, those of an open transaction among
// them: what a row's own columns cannot say, as a name that another row has in other letters, or a
// file that is too large. The thread of the Database.
Result<void> check_row_files(database::Database& database, const std::vector<std::string>& files);

}  // namespace dialtone::build
