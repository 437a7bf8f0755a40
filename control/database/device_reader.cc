// SPDX-License-Identifier: Apache-2.0
#include "control/database/device_reader.h"

#include "control/database/derived.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <vector>

namespace dialtone::database {
namespace {

using namespace generator;

// Of devices whose ids are as `where` says: "{}" stands for it, behind the name of a column.
constexpr std::string_view kDevices =
    "SELECT id, name, description, owner, user_id, phone_label, external_mask, load_override, "
    "inactive_load, ctiid, changed_s, model_id, pool_id, common_profile_id, sip_profile_id, "
    "security_profile_id, user_locale_id, network_locale_id, dial_plan_id, softkey_template_id, "
    "feature_policy_id, em_profile_id, cert_hash FROM devices WHERE id {} ORDER BY id";
// Where a user is logged in, what the profile has goes before the phone's own. One that is gone
// (a hand without foreign keys) leaves the phone as it is.
constexpr std::string_view kLogins =
    "SELECT d.id, e.user_id, e.phone_label, e.user_locale_id, e.dial_plan_id, "
    "e.softkey_template_id FROM devices d JOIN em_profiles e ON e.id = d.em_profile_id "
    "WHERE d.id {} ORDER BY d.id";
constexpr std::string_view kLines =
    "SELECT device_id, idx, dn, label, display, auth_name, auth_secret, external_mask, "
    "messages_number, line_profile_id "
    "FROM lines WHERE device_id {} ORDER BY device_id, idx";
constexpr std::string_view kSpeedDials =
    "SELECT device_id, button, feature, label, number "
    "FROM speed_dials WHERE device_id {} ORDER BY device_id, button";
// The same where one of them has a login.
constexpr std::string_view kLinesWithLogins =
    "SELECT device_id, idx, dn, label, display, auth_name, auth_secret, external_mask, "
    "messages_number, line_profile_id FROM lines WHERE device_id {} AND device_id "
    "NOT IN (SELECT d.id FROM devices d JOIN em_profiles e ON e.id = d.em_profile_id "
    "WHERE d.id {}) UNION ALL SELECT d.id, l.idx, l.dn, l.label, l.display, "
    "l.auth_name, l.auth_secret, l.external_mask, l.messages_number, l.line_profile_id "
    "FROM devices d JOIN em_lines l ON l.profile_id = d.em_profile_id "
    "WHERE d.id {} ORDER BY 1, 2";
constexpr std::string_view kSpeedDialsWithLogins =
    "SELECT device_id, button, feature, label, number FROM speed_dials "
    "WHERE device_id {} AND device_id "
    "NOT IN (SELECT d.id FROM devices d JOIN em_profiles e ON e.id = d.em_profile_id "
    "WHERE d.id {}) UNION ALL SELECT d.id, s.button, s.feature, s.label, s.number "
    "FROM devices d JOIN em_speed_dials s ON s.profile_id = d.em_profile_id "
    "WHERE d.id {} ORDER BY 1, 2";
constexpr std::string_view kOverrides =
    "SELECT device_id, name, value "
    "FROM vendor_overrides WHERE device_id {} ORDER BY device_id, position";
constexpr std::string_view kModules =
    "SELECT device_id, idx, type, lines, load "
    "FROM modules WHERE device_id {} ORDER BY device_id, idx";

std::string text_for(std::string_view text, std::string_view where) {
  std::string sql;
  for (std::size_t at = text.find("{}"); at != text.npos; at = text.find("{}")) {
    sql.append(text.substr(0, at)).append(where);
    text.remove_prefix(at + 2);
  }
  return sql.append(text);
}

struct Texts {
  explicit Texts(std::string_view where)
      : devices(text_for(kDevices, where)),
        logins(text_for(kLogins, where)),
        lines(text_for(kLines, where)),
        speed_dials(text_for(kSpeedDials, where)),
        lines_with_logins(text_for(kLinesWithLogins, where)),
        speed_dials_with_logins(text_for(kSpeedDialsWithLogins, where)),
        overrides(text_for(kOverrides, where)),
        modules(text_for(kModules, where)) {}

  std::string devices, logins, lines, speed_dials;
  std::string lines_with_logins, speed_dials_with_logins, overrides, modules;
};

const Texts& of_range() {
  static const Texts texts("BETWEEN ?1 AND ?2");
  return texts;
}

// The database seeks each of them: three times as dear, a device, as the next one of a range.
constexpr std::size_t kChosen = 64;

const Texts& of_chosen() {
  static const Texts texts([] {
    std::string where = "IN (?1";
    for (std::size_t i = 2; i <= kChosen; ++i) {
      where += ", ?" + std::to_string(i);
    }
    return where + ")";
  }());
  return texts;
}

class RowsReader {
 public:
  // `ids` are what `texts` wants of them.
  RowsReader(Database& database, const CampusRows& rows, const Texts& texts,
             std::span<const Value> ids, DeviceBatch& batch)
      : database_(database),
        rows_(rows),
        texts_(texts),
        ids_(ids),
        batch_(batch),
        begin_(batch.devices().size()) {}

  Result<void> run() {
    DIALTONE_TRY(for_each(texts_.devices, [&](const Query& row) { read_device(row); }));
    if (has_login_) {
      DIALTONE_TRY(children(
          texts_.logins, [&](const Query& row, std::size_t device) { read_login(row, device); }));
    }
    DIALTONE_TRY(children(has_login_ ? texts_.lines_with_logins : texts_.lines,
                          [&](const Query& row, std::size_t device) { read_line(row, device); }));
    DIALTONE_TRY(children(has_login_ ? texts_.speed_dials_with_logins : texts_.speed_dials,
                          [&](const Query& row, std::size_t device) {
                            SpeedDial& dial = batch_.add_speed_dial(device);
                            dial = {number(row, 1), number(row, 2), text(row, 3), text(row, 4),
                                    row.integer(2) == kServiceUrl};
                          }));
    DIALTONE_TRY(children(texts_.overrides, [&](const Query& row, std::size_t device) {
      TagOverride& tag = batch_.add_override(device);
      tag = {text(row, 1), text(row, 2)};
    }));
    DIALTONE_TRY(children(texts_.modules, [&](const Query& row, std::size_t device) {
      AddOnModule& module = batch_.add_module(device);
      module = {number(row, 1), text(row, 2), number(row, 3), text(row, 4)};
    }));
    for (DeviceRecord& device : batch_.devices().subspan(begin_)) {
      device.stamp = device_stamp(rows_, batch_, device, stamped_);
    }
    return {};
  }

 private:
  std::string_view text(const Query& row, int column) { return batch_.text(row.text(column)); }
  static std::uint32_t number(const Query& row, int column) {
    return static_cast<std::uint32_t>(row.integer(column));
  }

  template <typename Visit>
  Result<void> for_each(std::string_view sql, Visit visit) {
    auto query = database_.query_all(sql, ids_);
    return query ? query->for_each(std::move(visit)) : Result<void>(query.error());
  }

  // Children of no device, which a shell without foreign keys may leave behind, are passed over.
  template <typename Visit>
  Result<void> children(std::string_view sql, Visit visit) {
    std::size_t device = begin_;
    return for_each(sql, [&](const Query& row) {
      const std::int64_t id = row.integer(0);
      const auto devices = batch_.devices();
      while (device < devices.size() && devices[device].id < id) {
        ++device;
      }
      if (device < devices.size() && devices[device].id == id) {
        visit(row, device);
      }
    });
  }

  void read_device(const Query& row) {
    DeviceRecord& device = batch_.add_device();
    device.id = row.integer(0);
    std::string_view* const texts[] = {
        &device.name,        &device.description,   &device.owner,         &device.user_id,
        &device.phone_label, &device.external_mask, &device.load_override, &device.inactive_load};
    int column = 0;
    for (std::string_view* field : texts) {
      *field = text(row, ++column);
    }
    device.ctiid = number(row, 9);
    device.changed_s = static_cast<std::uint64_t>(row.integer(10));
    device.model = rows_.models[row.integer(11)];
    device.pool = rows_.device_pools[row.integer(12)];
    device.common_profile = rows_.common_profiles[row.integer(13)];
    device.sip_profile = rows_.sip_profiles[row.integer(14)];
    device.security_profile = rows_.security_profiles[row.integer(15)];
    device.user_locale = locale(row, 16, rows_.user_locales, device.pool, rows_.pool_user_locales);
    device.network_locale =
        locale(row, 17, rows_.network_locales, device.pool, rows_.pool_network_locales);
    device.dial_plan = rows_.dial_plans[row.optional_integer(18)];
    device.softkey_template = rows_.softkey_templates[row.optional_integer(19)];
    device.feature_policy = rows_.feature_policies[row.optional_integer(20)];
    has_login_ = has_login_ || row.optional_integer(21).has_value();
    device.cert_hash = text(row, 22);
    name_files(device);
    scratch_.assign("device:").append(device.name);
    device.uuid = derived_uuid(scratch_);
  }

  void read_login(const Query& row, std::size_t at) {
    DeviceRecord& device = batch_.devices()[at];
    const auto replace_text = [&](std::string_view& field, int column) {
      const std::string_view of_user = text(row, column);
      field = of_user.empty() ? field : of_user;
    };
    const auto replace_row = [&](std::uint32_t& field, int column, const Positions& positions) {
      const auto of_user = row.optional_integer(column);
      field = of_user ? positions[*of_user] : field;
    };
    replace_text(device.user_id, 1);
    replace_text(device.phone_label, 2);
    replace_row(device.user_locale, 3, rows_.user_locales);
    replace_row(device.dial_plan, 4, rows_.dial_plans);
    replace_row(device.softkey_template, 5, rows_.softkey_templates);
    name_files(device);
  }

  void name_files(DeviceRecord& device) const {
    device.dial_template = file_of(rows_.dial_templates, device.dial_plan);
    device.soft_key_file = file_of(rows_.softkey_files, device.softkey_template);
    device.feature_policy_file = file_of(rows_.feature_policy_files, device.feature_policy);
  }

  // The rows outlive the batch.
  static std::string_view file_of(const std::vector<std::string>& files, std::uint32_t at) {
    return at < files.size() ? std::string_view(files[at]) : std::string_view();
  }

  static std::uint32_t locale(const Query& row, int column, const Positions& positions,
                              std::uint32_t pool, const std::vector<std::uint32_t>& of_pools) {
    const auto own = row.optional_integer(column);
    return own || pool >= of_pools.size() ? positions[own] : of_pools[pool];
  }

  void read_line(const Query& row, std::size_t device) {
    LineRecord& line = batch_.add_line(device);
    if (const auto id = row.optional_integer(9)) {
      if (const std::uint32_t at = rows_.line_profiles[*id]; at < rows_.profiles_of_lines.size()) {
        const LineProfile& profile = rows_.profiles_of_lines[at];
        line = profile.settings;
        line.auto_answer_mode = batch_.text(profile.auto_answer_mode);
      }
    }
    line.index = number(row, 1);
    std::string_view* const texts[] = {
        &line.dn,          &line.label,         &line.display,        &line.auth_name,
        &line.auth_secret, &line.external_mask, &line.messages_number};
    int column = 1;
    for (std::string_view* field : texts) {
      *field = text(row, ++column);
    }
    char digits[12];
    const auto end = std::to_chars(digits, digits + sizeof(digits), line.index).ptr;
    scratch_.assign("line:").append(batch_.devices()[device].name).append(":").append(digits, end);
    line.contact = derived_uuid(scratch_);
  }

  Database& database_;
  const CampusRows& rows_;
  const Texts& texts_;
  std::span<const Value> ids_;
  DeviceBatch& batch_;
  std::size_t begin_;  // of these in the batch
  bool has_login_ = false;
  std::string scratch_;
  StampText stamped_;
};

}  // namespace

Result<void> read_range(Database& database, const CampusRows& rows, const IdRange& range,
                        DeviceBatch& batch) {
  const std::array<Value, 2> ends = {Value(range.first), Value(range.last)};
  return RowsReader(database, rows, of_range(), ends, batch).run();
}

Result<void> read_devices(Database& database, const CampusRows& rows,
                          std::span<const std::int64_t> ids, DeviceBatch& batch) {
  std::vector<Value> values(kChosen);
  while (!ids.empty()) {
    const auto some = ids.first(std::min(ids.size(), kChosen));
    ids = ids.subspan(some.size());
    if (some.back() - some.front() == static_cast<std::int64_t>(some.size()) - 1) {
      DIALTONE_TRY(read_range(database, rows, {some.front(), some.back()}, batch));
      continue;
    }
    for (std::size_t i = 0; i < kChosen; ++i) {
      values[i].kind = Value::Kind::kInteger;
      values[i].integer = some[std::min(i, some.size() - 1)];
    }
    DIALTONE_TRY(RowsReader(database, rows, of_chosen(), values, batch).run());
  }
  return {};
}

}  // namespace dialtone::database
