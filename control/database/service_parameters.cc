// SPDX-License-Identifier: Apache-2.0
#include "control/database/service_parameters.h"

#include "control/database/known_parameters.h"
#include "control/database/profile_loader.h"
#include "control/database/text_rules.h"
#include "dataplane/base/printable.h"
#include "generator/family.h"

#include <utility>

namespace dialtone::database {
namespace {

constexpr std::string_view kOldName = "BuildCNFFlag";

}  // namespace

generator::BuildCnf default_build_cnf(std::string_view profile) {
  return generator::build_cnf_of(default_value(*find_known_parameter("build-cnf"), profile))
      .value_or(generator::BuildCnf::kSelective);
}

Result<std::string> service_parameter_name(std::string_view name, std::string_view profile) {
  if (name != kOldName) {
    return std::string(name);
  }
  return profile == "cm3"
             ? Result<std::string>("build-cnf")
             : refused(
                   "'BuildCNFFlag' is a name of profile cm3; set build-cnf, which takes all, "
                   "none or selective");
}

Result<NamedValue> service_parameter(std::string_view name, std::string_view value,
                                     std::string_view profile) {
  auto known = service_parameter_name(name, profile);
  if (!known) {
    return known.error();
  }
  if (name != kOldName) {
    return NamedValue{*std::move(known), std::string(value)};
  }
  const std::string word = lower_case(value);
  if (word != "true" && word != "false") {
    return refused("'BuildCNFFlag' wants True or False, not '" + excerpt(value) + "'");
  }
  return NamedValue{*std::move(known), word == "true" ? "all" : "none"};
}

Result<std::optional<std::string>> read_parameter(Database& database, std::string_view name) {
  std::optional<std::string> value;
  DIALTONE_TRY(database.for_each(
      "SELECT value FROM service_parameters WHERE name = ?1",
      [&](const Query& row) { value = std::string(row.text(0)); }, name));
  return value;
}

Result<bool> write_parameter(Database& database, const NamedValue& parameter) {
  generator::EnterpriseParameters scratch;
  DIALTONE_TRY(set_parameter(scratch, parameter.name, parameter.value));
  const auto before = read_parameter(database, parameter.name);
  if (!before) {
    return before.error();
  }
  if (*before == parameter.value) {
    return false;
  }
  DIALTONE_TRY(
      database.run("INSERT INTO service_parameters (name, value) VALUES (?1, ?2) "
                   "ON CONFLICT (name) DO UPDATE SET value = ?2",
                   parameter.name, parameter.value));
  return true;
}

Result<bool> remove_parameter(Database& database, std::string_view name) {
  const auto before = read_parameter(database, name);
  if (!before) {
    return before.error();
  }
  if (!before->has_value()) {
    return false;
  }
  DIALTONE_TRY(database.run("DELETE FROM service_parameters WHERE name = ?1", name));
  return true;
}

Result<std::vector<StoredParameter>> stored_parameters(Database& database) {
  std::vector<StoredParameter> all;
  DIALTONE_TRY(database.for_each(
      "SELECT name, value FROM service_parameters ORDER BY name", [&](const Query& row) {
        all.push_back({std::string(row.text(0)), std::string(row.text(1))});
      }));
  return all;
}

Result<std::size_t> count_cnf_phones(Database& database) {
  const auto count = database.integer(
      "SELECT count(*) FROM devices d JOIN models m ON m.id = d.model_id WHERE m.selective_cnf");
  if (!count) {
    return count.error();
  }
  return static_cast<std::size_t>(count->value_or(0));
}

}  // namespace dialtone::database
