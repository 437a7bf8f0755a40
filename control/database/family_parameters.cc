// SPDX-License-Identifier: Apache-2.0
#include "control/database/family_parameters.h"

#include "generator/list_parameters.h"

namespace dialtone::database {
namespace {

// The names alone differ; which device is at fault is worth one example.
constexpr std::string_view kOfDevices =
    "SELECT v.name, min(d.name) FROM models m JOIN devices d ON d.model_id = m.id "
    "JOIN vendor_overrides v ON v.device_id = d.id "
    "WHERE m.family = 'sip7960' AND (?1 = '' OR d.name = ?1) GROUP BY v.name";
constexpr std::string_view kOfFamily =
    "SELECT name, 'family_parameters' FROM family_parameters WHERE family = 'sip7960' AND ?1 = ''";

}  // namespace

Result<std::vector<std::string>> unknown_parameters(Database& database, std::string_view device) {
  std::vector<std::string> texts;
  const auto look = [&](const Query& row) {
    constexpr auto kFamily = generator::Family::kSip7960;
    const std::string_view name = generator::parameter_name(kFamily, row.text(0));
    if (!generator::is_known_parameter(kFamily, name)) {
      texts.push_back(std::string(row.text(1)) + ": " +
                      generator::unknown_parameter(kFamily, name) + "; it is written as it is");
    }
  };
  DIALTONE_TRY(database.for_each(kOfFamily, look, device));
  DIALTONE_TRY(database.for_each(kOfDevices, look, device));
  return texts;
}

}  // namespace dialtone::database
