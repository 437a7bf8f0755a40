// SPDX-License-Identifier: Apache-2.0
//
// The service parameters that this server knows by name: what they take, and their defaults in each
// profile (cisco-tftp 10). To add one, add a line to the table and teach set_parameter() its name.
// Values lie in the table service_parameters; a row that is not there is the default. Cold; the
// thread of the Database.
#pragma once

#include "control/database/database.h"
#include "dataplane/base/result.h"
#include "generator/shared_rows.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::database {

struct ServiceParameter {
  std::string_view name;
  std::string_view takes;        // "all, none or selective"
  std::string_view fallback;     // the default
  std::string_view cm3_default;  // of profile cm3; empty: the same
  std::string_view description;
};

std::span<const ServiceParameter> service_parameters() noexcept;
const ServiceParameter* find_service_parameter(std::string_view name) noexcept;  // null: none
std::string_view default_value(const ServiceParameter& parameter,
                               std::string_view profile) noexcept;

// One that stands in the files of phones, of every profile the same.
struct FileParameter {
  std::string name;
  std::string takes;  // "0 to 65535"
  std::string fallback;
};
std::vector<FileParameter> file_parameters();

// build-cnf of a profile.
generator::BuildCnf default_build_cnf(std::string_view profile) noexcept;

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
