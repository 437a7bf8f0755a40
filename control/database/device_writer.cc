// SPDX-License-Identifier: Apache-2.0
#include "control/database/device_writer.h"

#include "generator/records.h"

#include <string_view>
#include <unordered_map>
#include <utility>

namespace dialtone::database {
namespace {

constexpr std::string_view kInsertDevices =
    "INSERT INTO devices (name, description, owner, user_id, model_id, pool_id, common_profile_id, "
    "sip_profile_id, security_profile_id, user_locale_id, network_locale_id, ctiid, phone_label, "
    "external_mask, load_override, inactive_load, dial_plan_id, softkey_template_id, "
    "feature_policy_id, em_profile_id, cert_hash) VALUES ";
constexpr std::string_view kDevice =
    "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

// The row of one that another program has removed meanwhile stays away.
constexpr std::string_view kUpdateDevices =
    "UPDATE devices SET description = v.column3, owner = v.column4, user_id = v.column5, "
    "model_id = v.column6, pool_id = v.column7, common_profile_id = v.column8, "
    "sip_profile_id = v.column9, security_profile_id = v.column10, user_locale_id = "
    "v.column11, network_locale_id = v.column12, ctiid = v.column13, phone_label = "
    "v.column14, external_mask = v.column15, load_override = v.column16, inactive_load = "
    "v.column17, dial_plan_id = v.column18, softkey_template_id = v.column19, "
    "feature_policy_id = v.column20, em_profile_id = v.column21, cert_hash = v.column22 "
    "FROM (VALUES ";
// PostgreSQL takes values that go into no column for texts.
constexpr std::string_view kDeviceOfId =
    "(CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS "
    "TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), "
    "CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS "
    "TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? "
    "AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS TEXT))";
// By its name too: one that another program has renamed meanwhile is another phone now.
constexpr std::string_view kWhereIdIs =
    ") AS v WHERE devices.id = v.column1 AND devices.name = v.column2";

constexpr std::string_view kTwoNumbers = "(CAST(? AS BIGINT), CAST(? AS BIGINT))";

template <typename... Id>
void put_own_row(ManyRows& rows, const Device& device, const DeviceReferences& ids,
                 const Id&... id) {
  rows.add(id..., device.name, device.description, device.owner, device.user_id, ids.model,
           ids.pool, ids.common_profile, ids.sip_profile, ids.security_profile, ids.user_locale,
           ids.network_locale, device.ctiid, device.label, device.external_mask, device.load,
           device.inactive_load, ids.dial_plan, ids.softkey_template, ids.feature_policy,
           ids.em_profile, device.cert_hash);
}

std::int64_t feature_of(std::string_view word) noexcept {
  return word == "blf"       ? generator::kBlfSpeedDial
         : word == "service" ? generator::kServiceUrl
                             : generator::kSpeedDial;
}

// Takes a map of rows from `old` to `wanted`; true when that takes anything.
template <typename Row, typename Put>
bool put_rows(const std::map<std::uint32_t, Row>& old, const std::map<std::uint32_t, Row>& wanted,
              std::int64_t id, ManyRows& gone, Put put) {
  bool changed = false;
  for (const auto& [index, row] : old) {
    if (!wanted.contains(index)) {
      changed = true;
      gone.add(id, index);
    }
  }
  for (const auto& [index, row] : wanted) {
    const auto same = old.find(index);
    if (same == old.end() || !(same->second == row)) {
      changed = true;
      put(index, row);
    }
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

DeviceWriter::DeviceWriter(Database& database) noexcept
    : database_(database),
      changed_own_rows_(kUpdateDevices, kDeviceOfId, kWhereIdIs),
      new_own_rows_(kInsertDevices, kDevice, " RETURNING id, name"),
      gone_lines_("DELETE FROM lines WHERE (device_id, idx) IN (VALUES ", kTwoNumbers, ")"),
      gone_speed_dials_("DELETE FROM speed_dials WHERE (device_id, button) IN (VALUES ",
                        kTwoNumbers, ")"),
      gone_modules_("DELETE FROM modules WHERE (device_id, idx) IN (VALUES ", kTwoNumbers, ")"),
      gone_vendor_("DELETE FROM vendor_overrides WHERE device_id IN (VALUES ",
                   "(CAST(? AS BIGINT))", ")"),
      lines_(
          "INSERT INTO lines (device_id, idx, dn, label, display, auth_name, auth_secret, "
          "external_mask, messages_number, line_profile_id) VALUES ",
          "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          " ON CONFLICT (device_id, idx) DO UPDATE SET dn = excluded.dn, "
          "label = excluded.label, display = excluded.display, auth_name = excluded.auth_name, "
          "auth_secret = excluded.auth_secret, external_mask = excluded.external_mask, "
          "messages_number = excluded.messages_number, "
          "line_profile_id = excluded.line_profile_id"),
      speed_dials_("INSERT INTO speed_dials (device_id, button, feature, label, number) VALUES ",
                   "(?, ?, ?, ?, ?)",
                   " ON CONFLICT (device_id, button) DO UPDATE SET feature = excluded.feature, "
                   "label = excluded.label, number = excluded.number"),
      modules_("INSERT INTO modules (device_id, idx, type, lines, load) VALUES ", "(?, ?, ?, ?, ?)",
               " ON CONFLICT (device_id, idx) DO UPDATE SET type = excluded.type, "
               "lines = excluded.lines, load = excluded.load"),
      vendor_("INSERT INTO vendor_overrides (device_id, position, name, value) VALUES ",
              "(?, ?, ?, ?)", ""),
      times_("UPDATE devices SET changed_s = v.column2 FROM (VALUES ", kTwoNumbers,
             ") AS v WHERE devices.id = v.column1 AND devices.changed_s <> v.column2") {}

// Before one waits: not too many do, and a device profile must be logged out of one phone before it
// is logged in on another, in whatever order the rows will go out.
Result<void> DeviceWriter::make_room(const Device& device) {
  if (waiting_ >= kRowsAtOnce || left_logins_.contains(device.em_profile)) {
    DIALTONE_TRY(flush());
  }
  ++waiting_;
  return {};
}

Result<void> DeviceWriter::add(CheckedDevice checked) {
  DIALTONE_TRY(make_room(checked.device));
  put_own_row(new_own_rows_, checked.device, checked.references);
  new_.push_back(std::move(checked));
  return {};
}

Result<bool> DeviceWriter::change(const StoredDevice& stored, const CheckedDevice& checked) {
  const Device& device = checked.device;
  DIALTONE_TRY(make_room(device));
  const bool own = !(without_children(stored.device) == without_children(device));
  if (own) {
    put_own_row(changed_own_rows_, device, checked.references, stored.id);
    if (!stored.device.em_profile.empty() && stored.device.em_profile != device.em_profile) {
      left_logins_.insert(stored.device.em_profile);
    }
  }
  const bool children = put_children(stored.id, stored.device, device, checked.references);
  return own || children || (device.changed_s != 0 && device.changed_s != stored.changed_s);
}

bool DeviceWriter::put_children(std::int64_t id, const Device& old, const Device& device,
                                const DeviceReferences& references) {
  const bool lines = put_lines(id, old, device, references);
  const bool speed_dials = put_speed_dials(id, old, device);
  const bool modules = put_modules(id, old, device);
  const bool vendor = put_vendor(id, old, device);
  if (device.changed_s != 0) {
    times_.add(id, device.changed_s);
  }
  return lines || speed_dials || modules || vendor;
}

bool DeviceWriter::put_lines(std::int64_t id, const Device& old, const Device& device,
                             const DeviceReferences& references) {
  return put_rows(
      old.lines, device.lines, id, gone_lines_, [&](std::uint32_t index, const DeviceLine& line) {
        const auto profile = references.line_profiles.find(line.profile);
        const std::optional<std::int64_t> profile_id = profile == references.line_profiles.end()
                                                           ? std::nullopt
                                                           : std::optional(profile->second);
        lines_.add(id, index, line.dn, line.label, line.display, line.auth_name, line.auth_secret,
                   line.external_mask, line.messages_number, profile_id);
      });
}

bool DeviceWriter::put_speed_dials(std::int64_t id, const Device& old, const Device& device) {
  return put_rows(old.speed_dials, device.speed_dials, id, gone_speed_dials_,
                  [&](std::uint32_t button, const DeviceSpeedDial& dial) {
                    speed_dials_.add(id, button, feature_of(dial.feature), dial.label, dial.number);
                  });
}

bool DeviceWriter::put_modules(std::int64_t id, const Device& old, const Device& device) {
  return put_rows(old.modules, device.modules, id, gone_modules_,
                  [&](std::uint32_t index, const DeviceModule& module) {
                    modules_.add(id, index, module.type, module.lines, module.load);
                  });
}

// Their order counts, so they are written together.
bool DeviceWriter::put_vendor(std::int64_t id, const Device& old, const Device& device) {
  if (old.vendor == device.vendor) {
    return false;
  }
  if (!old.vendor.empty()) {
    gone_vendor_.add(id);
  }
  std::int64_t position = 0;
  for (const VendorTag& tag : device.vendor) {
    vendor_.add(id, position++, tag.name, tag.value);
  }
  return true;
}

// What belongs to new devices can be put once they have their ids.
Result<void> DeviceWriter::insert_new() {
  std::unordered_map<std::string, std::int64_t> ids;
  DIALTONE_TRY(new_own_rows_.write(
      database_, [&](const Query& row) { ids.emplace(row.text(1), row.integer(0)); }));
  for (const CheckedDevice& each : new_) {
    put_children(ids[each.device.name], Device{}, each.device, each.references);
  }
  new_.clear();
  return {};
}

Result<void> DeviceWriter::flush() {
  waiting_ = 0;
  left_logins_.clear();
  DIALTONE_TRY(changed_own_rows_.write(database_));
  DIALTONE_TRY(insert_new());
  for (ManyRows* rows : {&gone_lines_, &gone_speed_dials_, &gone_modules_, &gone_vendor_, &lines_,
                         &speed_dials_, &modules_, &vendor_, &times_}) {
    DIALTONE_TRY(rows->write(database_));
  }
  return {};
}

}  // namespace dialtone::database
