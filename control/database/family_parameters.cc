// SPDX-License-Identifier: Apache-2.0
#include "control/database/family_parameters.h"

#include "control/database/change_log.h"
#include "generator/list_parameters.h"
#include "generator/vendor_tags.h"

namespace dialtone::database {
namespace {

// The names alone differ; which device is at fault is worth one example. Families whose settings
// are tags of vendorConfig have them by model.
constexpr std::string_view kParameters =
    "SELECT v.name, min(d.name) FROM devices d JOIN models m ON m.id = d.model_id "
    "JOIN vendor_overrides v ON v.device_id = d.id WHERE m.family = 'sip7960'";
constexpr std::string_view kTags =
    "SELECT v.name, min(d.name), m.number FROM devices d JOIN models m ON m.id = d.model_id "
    "JOIN vendor_overrides v ON v.device_id = d.id WHERE m.family = 'sep'";
constexpr std::string_view kOfFamily =
    "SELECT name, 'family_parameters' FROM family_parameters WHERE family = 'sip7960'";

// Rows of `select`, of all devices or of this one. Two texts, so that one device is found by its
// name: a condition that holds for all as well would read all.
template <typename Look>
Result<void> for_each_of(Database& database, std::string_view select, std::string_view device,
                         std::string_view groups, Look look) {
  const std::string text(select);
  const std::string behind =
      " GROUP BY " + std::string(groups) + " ORDER BY " + std::string(groups);
  return device.empty() ? database.for_each(text + behind, look)
                        : database.for_each(text + " AND d.name = ?1" + behind, look, device);
}

Result<void> find_unknown_tags(Database& database, std::string_view device,
                               std::vector<std::string>& texts) {
  return for_each_of(database, kTags, device, "v.name, m.number", [&](const Query& row) {
    const auto model = static_cast<std::uint32_t>(row.integer(2));
    if (!generator::is_known_vendor_tag(model, row.text(0))) {
      texts.push_back(std::string(row.text(1)) + ": " +
                      generator::unknown_vendor_tag(model, row.text(0)) +
                      "; it is written as it is");
    }
  });
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
  if (device.empty()) {
    DIALTONE_TRY(database.for_each(kOfFamily, look));
  }
  DIALTONE_TRY(for_each_of(database, kParameters, device, "v.name", look));
  DIALTONE_TRY(find_unknown_tags(database, device, texts));
  return texts;
}

Result<const std::vector<std::string>*> UnknownParameters::of_all(Database& database) {
  // Before the rows: what is committed in between is read twice, and never missed.
  const auto newest = last_change(database);
  if (!newest) {
    return newest.error();
  }
  if (read_at_ != *newest) {
    auto texts = unknown_parameters(database);
    if (!texts) {
      return texts.error();
    }
    texts_ = *std::move(texts);
    read_at_ = *newest;
  }
  return &texts_;
}

}  // namespace dialtone::database
