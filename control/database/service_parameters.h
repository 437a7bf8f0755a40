// SPDX-License-Identifier: Apache-2.0
//
// The table service_parameters, whose row that is not there is the default, and what a person
// writes of it. known_parameters.h has the names. Cold; the thread of the Database.
#pragma once

#include "control/database/database.h"
#include "dataplane/base/result.h"
#include "generator/shared_rows.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::database {

// build-cnf of a profile.
generator::BuildCnf default_build_cnf(std::string_view profile);

// What a person wrote, as it is stored: profile cm3 knows build-cnf as BuildCNFFlag, True or False.
struct NamedValue {
  std::string name;
  std::string value;
};
Result<NamedValue> service_parameter(std::string_view name, std::string_view value,
                                     std::string_view profile);
Result<std::string> service_parameter_name(std::string_view name, std::string_view profile);

Result<std::optional<std::string>> read_parameter(Database& database, std::string_view name);
// True when that changed something. Refused for a value that the parameter does not take.
Result<bool> write_parameter(Database& database, const NamedValue& parameter);
Result<bool> remove_parameter(Database& database, std::string_view name);

struct StoredParameter {
  std::string name;
  std::string value;
};
Result<std::vector<StoredParameter>> stored_parameters(Database& database);

// Devices whose model "Build Selective" makes .cnf for: without it they get no configuration that
// they can read.
Result<std::size_t> count_cnf_phones(Database& database);

}  // namespace dialtone::database
