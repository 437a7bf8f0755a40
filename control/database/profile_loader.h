// SPDX-License-Identifier: Apache-2.0
//
// The part of load_campus() whose rows are names and texts: models, profiles, parameters, services,
// line profiles. Cold; the thread of the Database.
#pragma once

#include "control/database/campus_loader.h"

#include <string_view>

namespace dialtone::database {

// Each of known_parameters(); those that are in no file are looked at alone.
Result<void> set_parameter(generator::EnterpriseParameters& parameters, std::string_view name,
                           std::string_view value);

Result<void> load_models(Database& database, CampusRows& rows);
Result<void> load_profiles(Database& database, CampusRows& rows);
Result<void> load_enterprise(Database& database, CampusRows& rows);
Result<void> load_line_profiles(Database& database, CampusRows& rows);

}  // namespace dialtone::database
