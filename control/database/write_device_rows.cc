// SPDX-License-Identifier: Apache-2.0
//
// The writing half of device_rows.h.
#include "control/database/device_rows.h"
#include "generator/records.h"

#include <algorithm>
#include <utility>

namespace dialtone::database {
namespace {

constexpr std::string_view kInsertDevice =
    "INSERT INTO devices (name, description, owner, user_id, model_id, pool_id, common_profile_id, "
    "sip_profile_id, security_profile_id, user_locale_id, network_locale_id, ctiid, phone_label, "
    "external_mask, load_override, inactive_load, dial_plan_id, softkey_template_id, "
    "feature_policy_id, em_profile_id, cert_hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
    "?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21) RETURNING id";
constexpr std::string_view kUpdateDevice =
    "UPDATE devices SET description = ?2, owner = ?3, user_id = ?4, model_id = ?5, pool_id = ?6, "
    "common_profile_id = ?7, sip_profile_id = ?8, security_profile_id = ?9, user_locale_id = ?10, "
    "network_locale_id = ?11, ctiid = ?12, phone_label = ?13, external_mask = ?14, "
    "load_override = ?15, inactive_load = ?16, dial_plan_id = ?17, softkey_template_id = ?18, "
    "feature_policy_id = ?19, em_profile_id = ?20, cert_hash = ?21 WHERE name = ?1 RETURNING id";

// The id of the row.
Result<std::int64_t> write_own_row(Database& database, std::string_view sql, const Device& device,
                                   const DeviceReferences& ids) {
  return database.insert(sql, device.name, device.description, device.owner, device.user_id,
                         ids.model, ids.pool, ids.common_profile, ids.sip_profile,
                         ids.security_profile, ids.user_locale, ids.network_locale, device.ctiid,
                         device.label, device.external_mask, device.load, device.inactive_load,
                         ids.dial_plan, ids.softkey_template, ids.feature_policy, ids.em_profile,
                         device.cert_hash);
}

std::int64_t feature_of(std::string_view word) noexcept {
  return word == "blf"       ? generator::kBlfSpeedDial
         : word == "service" ? generator::kServiceUrl
                             : generator::kSpeedDial;
}

// Takes a map of rows from `old` to `wanted`; true when that took anything.
template <typename Row, typename Write>
Result<bool> write_rows(Database& database, const std::map<std::uint32_t, Row>& old,
                        const std::map<std::uint32_t, Row>& wanted, std::int64_t id,
                        std::string_view erase, Write write) {
  bool changed = false;
  for (const auto& [index, row] : old) {
    if (!wanted.contains(index)) {
      changed = true;
      DIALTONE_TRY(database.run(erase, id, index));
    }
  }
  for (const auto& [index, row] : wanted) {
    const auto same = old.find(index);
    if (same == old.end() || !(same->second == row)) {
      changed = true;
      DIALTONE_TRY(write(index, row));
    }
  }
  return changed;
}

Result<bool> write_lines(Database& database, std::int64_t id, const Device& old,
                         const Device& device, const DeviceReferences& references) {
  return write_rows(
      database, old.lines, device.lines, id, "DELETE FROM lines WHERE device_id = ?1 AND idx = ?2",
      [&](std::uint32_t index, const DeviceLine& line) {
        const auto profile = references.line_profiles.find(line.profile);
        const std::optional<std::int64_t> profile_id = profile == references.line_profiles.end()
                                                           ? std::nullopt
                                                           : std::optional(profile->second);
        return database.run(
            "INSERT INTO lines (device_id, idx, dn, label, display, auth_name, auth_secret, "
            "external_mask, messages_number, line_profile_id) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (device_id, idx) DO "
            "UPDATE SET "
            "dn = ?3, label = ?4, display = ?5, auth_name = ?6, auth_secret = ?7, "
            "external_mask = ?8, messages_number = ?9, line_profile_id = ?10",
            id, index, line.dn, line.label, line.display, line.auth_name, line.auth_secret,
            line.external_mask, line.messages_number, profile_id);
      });
}

Result<bool> write_speed_dials(Database& database, std::int64_t id, const Device& old,
                               const Device& device) {
  return write_rows(
      database, old.speed_dials, device.speed_dials, id,
      "DELETE FROM speed_dials WHERE device_id = ?1 AND button = ?2",
      [&](std::uint32_t button, const DeviceSpeedDial& dial) {
        return database.run(
            "INSERT INTO speed_dials (device_id, button, feature, label, number) "
            "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (device_id, button) DO UPDATE SET "
            "feature = ?3, label = ?4, number = ?5",
            id, button, feature_of(dial.feature), dial.label, dial.number);
      });
}

Result<bool> write_modules(Database& database, std::int64_t id, const Device& old,
                           const Device& device) {
  return write_rows(database, old.modules, device.modules, id,
                    "DELETE FROM modules WHERE device_id = ?1 AND idx = ?2",
                    [&](std::uint32_t index, const DeviceModule& module) {
                      return database.run(
                          "INSERT INTO modules (device_id, idx, type, lines, load) "
                          "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (device_id, idx) DO UPDATE SET "
                          "type = ?3, lines = ?4, load = ?5",
                          id, index, module.type, module.lines, module.load);
                    });
}

// Their order counts, so they are written together.
Result<bool> write_vendor(Database& database, std::int64_t id, const Device& old,
                          const Device& device) {
  if (old.vendor == device.vendor) {
    return false;
  }
  if (!old.vendor.empty()) {
    DIALTONE_TRY(database.run("DELETE FROM vendor_overrides WHERE device_id = ?1", id));
  }
  std::int64_t position = 0;
  for (const VendorTag& tag : device.vendor) {
    DIALTONE_TRY(database.run(
        "INSERT INTO vendor_overrides (device_id, position, name, value) VALUES (?1, ?2, ?3, ?4)",
        id, position++, tag.name, tag.value));
  }
  return true;
}

// Behind everything else, since triggers keep it.
Result<bool> write_time(Database& database, std::int64_t id, const Device& device) {
  if (device.changed_s == 0) {
    return false;
  }
  DIALTONE_TRY(database.run("UPDATE devices SET changed_s = ?1 WHERE id = ?2 AND changed_s <> ?1",
                            device.changed_s, id));
  return database.changed_rows() != 0;
}

Result<bool> write_children(Database& database, std::int64_t id, const Device& old,
                            const Device& device, const DeviceReferences& references) {
  bool changed = false;
  for (const auto& result :
       {write_lines(database, id, old, device, references),
        write_speed_dials(database, id, old, device), write_modules(database, id, old, device),
        write_vendor(database, id, old, device)}) {
    if (!result) {
      return result.error();
    }
    changed = changed || *result;
  }
  return changed;
}

// What the row itself holds, but for its time.
Device without_children(Device device) {
  device.changed_s = 0;
  device.lines.clear();
  device.speed_dials.clear();
  device.modules.clear();
  device.vendor.clear();
  return device;
}

}  // namespace

Result<std::int64_t> insert_device(Database& database, const Device& device,
                                   const DeviceReferences& references) {
  const auto id = write_own_row(database, kInsertDevice, device, references);
  if (!id) {
    return id.error();
  }
  const auto written = write_children(database, *id, Device{}, device, references);
  if (!written) {
    return written.error();
  }
  const auto time = write_time(database, *id, device);
  return time ? id : time.error();
}

Result<bool> update_device(Database& database, const StoredDevice& stored, const Device& device,
                           const DeviceReferences& references) {
  const bool own = !(without_children(stored.device) == without_children(device));
  if (own) {
    DIALTONE_TRY(write_own_row(database, kUpdateDevice, device, references));
  }
  const auto children = write_children(database, stored.id, stored.device, device, references);
  if (!children) {
    return children.error();
  }
  const auto time = write_time(database, stored.id, device);
  return time ? Result<bool>(own || *children || *time) : time;
}

}  // namespace dialtone::database
