// SPDX-License-Identifier: Apache-2.0
#include "control/database/family_parameters.h"

#include "generator/list_parameters.h"
#include "generator/vendor_tags.h"

namespace dialtone::database {
namespace {

// The names alone differ; which device is at fault is worth one example.
constexpr std::string_view kOfDevices =
    "SELECT v.name, min(d.name) FROM models m JOIN devices d ON d.model_id = m.id "
    "JOIN vendor_overrides v ON v.device_id = d.id "
    "WHERE m.family = 'sip7960' AND (?1 = '' OR d.name = ?1) GROUP BY v.name";
constexpr std::string_view kOfFamily =
    "SELECT name, 'family_parameters' FROM family_parameters WHERE family = 'sip7960' AND ?1 = ''";

// The same of the families whose settings are tags of vendorConfig.
constexpr std::string_view kTags =
    "SELECT v.name, min(d.name), m.number FROM models m JOIN devices d ON d.model_id = m.id "
    "JOIN vendor_overrides v ON v.device_id = d.id "
    "WHERE m.family = 'sep' AND (?1 = '' OR d.name = ?1) GROUP BY v.name, m.number "
    "ORDER BY v.name, m.number";

Result<void> find_unknown_tags(Database& database, std::string_view device,
                               std::vector<std::string>& texts) {
  return database.for_each(
      kTags,
      [&](const Query& row) {
        const auto model = static_cast<std::uint32_t>(row.integer(2));
        if (!generator::is_known_vendor_tag(model, row.text(0))) {
          texts.push_back(std::string(row.text(1)) + ": " +
                          generator::unknown_vendor_tag(model, row.text(0)) +
                          "; it is written as it is");
        }
      },
      device);
}

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
  DIALTONE_TRY(find_unknown_tags(database, device, texts));
  return texts;
}

}  // namespace dialtone::database
