// SPDX-License-Identifier: Apache-2.0
#include "control/database/device_rows.h"

#include "control/database/many_rows.h"
#include "generator/records.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace dialtone::database {
namespace {

// Behind it comes which ones, and their order.
constexpr std::string_view kReadDevices =
    "SELECT d.id, d.name, d.description, m.name, m.protocol, p.name, c.name, s.name, y.name, "
    "u.name, n.name, dp.name, sk.name, fp.name, d.owner, d.user_id, d.phone_label, "
    "d.external_mask, d.load_override, "
    "d.inactive_load, d.ctiid, d.changed_s, em.name, d.cert_hash FROM devices d "
    "LEFT JOIN models m ON m.id = d.model_id LEFT JOIN device_pools p ON p.id = d.pool_id "
    "LEFT JOIN common_profiles c ON c.id = d.common_profile_id "
    "LEFT JOIN sip_profiles s ON s.id = d.sip_profile_id "
    "LEFT JOIN security_profiles y ON y.id = d.security_profile_id "
    "LEFT JOIN locales u ON u.id = d.user_locale_id "
    "LEFT JOIN locales n ON n.id = d.network_locale_id "
    "LEFT JOIN dial_plans dp ON dp.id = d.dial_plan_id "
    "LEFT JOIN softkey_templates sk ON sk.id = d.softkey_template_id "
    "LEFT JOIN feature_policies fp ON fp.id = d.feature_policy_id "
    "LEFT JOIN em_profiles em ON em.id = d.em_profile_id ";

constexpr int kTimeColumn = 21;
constexpr int kLoginColumn = 22;
constexpr int kCertHashColumn = 23;

Device own_row(const Query& row) {
  Device device;
  std::string* const texts[] = {&device.name,           &device.description,
                                &device.model,          &device.protocol,
                                &device.pool,           &device.common_profile,
                                &device.sip_profile,    &device.security_profile,
                                &device.user_locale,    &device.network_locale,
                                &device.dial_plan,      &device.softkey,
                                &device.feature_policy, &device.owner,
                                &device.user_id,        &device.label,
                                &device.external_mask,  &device.load,
                                &device.inactive_load};
  int column = 0;
  for (std::string* text : texts) {
    *text = row.text(++column);
  }
  device.ctiid = static_cast<std::uint32_t>(row.integer(++column));
  device.em_profile = row.text(kLoginColumn);
  device.cert_hash = row.text(kCertHashColumn);
  return device;
}

// featureID: generator/records.h.
std::string feature_word(std::int64_t feature) {
  return feature == generator::kBlfSpeedDial ? "blf"
         : feature == generator::kServiceUrl ? "service"
                                             : "speeddial";
}

std::string copy(const Query& row, int column) {
  return std::string(row.text(column));
}

std::uint32_t number(const Query& row, int column) {
  return static_cast<std::uint32_t>(row.integer(column));
}

// Which of the children: those of the devices from one to another id, or of some ids.
Chosen range_of(const std::vector<StoredDevice>& all) {
  return {"BETWEEN ?1 AND ?2", {Value(all.front().id), Value(all.back().id)}};
}

Chosen chosen_ids(const std::vector<StoredDevice>& all) {
  std::vector<Value> ids;
  for (const StoredDevice& stored : all) {
    ids.emplace_back(stored.id);
  }
  return chosen_of(std::move(ids));
}

// Reads what belongs to the devices of `all`, which are in order of id.
class ChildReader {
 public:
  ChildReader(Database& database, std::vector<StoredDevice>& all, Chosen ids)
      : database_(database), all_(all), ids_(std::move(ids)) {}

  Result<void> run() {
    DIALTONE_TRY(each(
        "SELECT l.device_id, l.idx, l.dn, l.label, l.display, l.auth_name, l.auth_secret, "
        "l.external_mask, l.messages_number, p.name FROM lines l LEFT JOIN line_profiles p "
        "ON p.id = l.line_profile_id WHERE l.device_id ",
        "", [](const Query& row, Device& device) {
          device.lines[number(row, 1)] = {copy(row, 2), copy(row, 3), copy(row, 4), copy(row, 5),
                                          copy(row, 6), copy(row, 7), copy(row, 8), copy(row, 9)};
        }));
    DIALTONE_TRY(
        each("SELECT device_id, button, number, label, feature FROM speed_dials "
             "WHERE device_id ",
             "", [](const Query& row, Device& device) {
               device.speed_dials[number(row, 1)] = {copy(row, 2), copy(row, 3),
                                                     feature_word(row.integer(4))};
             }));
    DIALTONE_TRY(
        each("SELECT device_id, idx, type, lines, load FROM modules WHERE device_id ", "",
             [](const Query& row, Device& device) {
               device.modules[number(row, 1)] = {copy(row, 2), number(row, 3), copy(row, 4)};
             }));
    return each("SELECT device_id, name, value FROM vendor_overrides WHERE device_id ",
                " ORDER BY device_id, position", [](const Query& row, Device& device) {
                  device.vendor.push_back({copy(row, 1), copy(row, 2)});
                });
  }

 private:
  // Rows of no device, which a shell without foreign keys may leave behind, are passed over.
  template <typename Add>
  Result<void> each(const std::string& select, const char* order, Add add) {
    auto query = database_.query_all(select + ids_.text + order, ids_.values);
    if (!query) {
      return query.error();
    }
    return query->for_each([&](const Query& row) {
      const auto owner = std::ranges::lower_bound(all_, row.integer(0), {}, &StoredDevice::id);
      if (owner != all_.end() && owner->id == row.integer(0)) {
        add(row, owner->device);
      }
    });
  }

  Database& database_;
  std::vector<StoredDevice>& all_;
  const Chosen ids_;
};

// The devices themselves, in the order that `where` says.
Result<std::vector<StoredDevice>> read_own(Database& database, const std::string& where,
                                           std::span<const Value> values) {
  auto query = database.query_all(std::string(kReadDevices) + where, values);
  if (!query) {
    return query.error();
  }
  std::vector<StoredDevice> all;
  DIALTONE_TRY(query->for_each([&](const Query& row) {
    StoredDevice& stored = all.emplace_back();
    stored.id = row.integer(0);
    stored.device = own_row(row);
    stored.changed_s = static_cast<std::uint32_t>(row.integer(kTimeColumn));
  }));
  return all;
}

}  // namespace

Result<std::optional<StoredDevice>> read_stored(Database& database, std::string_view name,
                                                Purpose purpose) {
  const std::string names[] = {std::string(name)};
  auto found = read_stored(database, names, purpose);
  if (!found) {
    return found.error();
  }
  return found->empty() ? std::optional<StoredDevice>() : std::optional(std::move(found->front()));
}

Result<std::vector<StoredDevice>> read_stored(Database& database,
                                              std::span<const std::string> names, Purpose purpose) {
  const std::string_view lock =
      purpose == Purpose::kChange ? database.dialect().lock_devices : std::string_view();
  std::vector<StoredDevice> all;
  while (!names.empty()) {
    const auto some = names.first(std::min(names.size(), kRowsAtOnce));
    names = names.subspan(some.size());
    const Chosen chosen = chosen_of({some.begin(), some.end()});
    auto found =
        read_own(database, "WHERE d.name " + chosen.text + " ORDER BY d.id" + std::string(lock),
                 chosen.values);
    if (!found) {
      return found.error();
    }
    if (!found->empty()) {
      DIALTONE_TRY(ChildReader(database, *found, chosen_ids(*found)).run());
    }
    std::ranges::move(*found, std::back_inserter(all));
  }
  return all;
}

Result<std::vector<StoredDevice>> read_stored_behind(Database& database, std::int64_t id,
                                                     std::int64_t most) {
  const Value values[] = {Value(id), Value(most)};
  auto found = read_own(database, "WHERE d.id > ?1 ORDER BY d.id LIMIT ?2", values);
  if (found.ok() && !found->empty()) {
    DIALTONE_TRY(ChildReader(database, *found, range_of(*found)).run());
  }
  return found;
}

}  // namespace dialtone::database
