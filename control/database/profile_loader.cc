// SPDX-License-Identifier: Apache-2.0
#include "control/database/profile_loader.h"

#include "control/database/derived.h"
#include "control/database/known_parameters.h"
#include "control/database/policy_parameters.h"
#include "control/database/row_reader.h"
#include "control/database/tag_text.h"
#include "dataplane/base/printable.h"
#include "generator/family.h"
#include "generator/settings.h"

namespace dialtone::database {
namespace {

using namespace generator;

Error in_row(std::string_view table, std::string_view name, std::string_view column,
             const Error& error) {
  return {error.code, std::string(table) + " '" + std::string(name) + "': " + std::string(column) +
                          ": " + error.text};
}

// A column of tags; faults name the row.
Result<TagMap> tags(std::string_view table, std::string_view name, std::string_view column,
                    std::string_view json) {
  auto parsed = parse_tags(json);
  return parsed ? std::move(parsed) : in_row(table, name, column, parsed.error());
}

template <typename Profile>
Result<void> apply(std::string_view table, Profile& profile, std::string_view json) {
  const auto settings = tags(table, profile.name, "settings", json);
  if (!settings) {
    return settings.error();
  }
  for (const Tag& setting : *settings) {
    if (const auto set = set_field(profile, setting.name, setting.value); !set) {
      return in_row(table, profile.name, "settings", set.error());
    }
  }
  return {};
}

// "SELECT id, name, settings ..."; `more` reads what comes behind.
template <typename Profile, typename More>
Result<void> load(Database& database, const std::string& table, const std::string& columns,
                  std::vector<Profile>& profiles, Positions& positions, More more) {
  return read_rows(database,
                   "SELECT id, name, settings" + columns + " FROM " + table + " ORDER BY id",
                   [&](RowReader& row) -> Result<void> {
                     positions.add(row.integer());
                     Profile& profile = profiles.emplace_back();
                     row.into(profile.name);
                     DIALTONE_TRY(apply(table, profile, row.text()));
                     profile.uuid = derived_uuid(table + ":" + profile.name);
                     return more(row, profile);
                   });
}

}  // namespace

Result<void> set_parameter(EnterpriseParameters& parameters, std::string_view name,
                           std::string_view value) {
  // Those that are no text in any file, so templates and set_field() do not know them.
  if (name == "auto_registration") {
    if (value != "SCCP" && value != "SIP") {
      return refused("\"auto_registration\" wants SCCP or SIP, not \"" + excerpt(value) + "\"");
    }
    parameters.auto_registration = value == "SIP" ? Protocol::kSip : Protocol::kSccp;
    return {};
  }
  if (name == "build-cnf") {
    const auto policy = build_cnf_of(value);
    if (!policy) {
      return refused("\"build-cnf\" wants all, none or selective, not \"" + excerpt(value) + "\"");
    }
    parameters.build_cnf = *policy;
    return {};
  }
  if (const PolicyParameter* policy = find_policy_parameter(name)) {
    return check_policy_parameter(*policy, value);
  }
  if (find_known_parameter(name) == nullptr) {
    return unknown_service_parameter(name);
  }
  return set_field(parameters, name, value);
}

Result<void> load_models(Database& database, CampusRows& rows) {
  return read_rows(
      database,
      "SELECT id, number, name, protocol, family, selective_cnf, default_load, max_lines, "
      "vendor_config, EXISTS (SELECT 1 FROM devices WHERE model_id = models.id) "
      "FROM models ORDER BY id",
      [&](RowReader& row) -> Result<void> {
        rows.models.add(row.integer());
        PhoneModel& model = rows.campus.models.emplace_back();
        row.into(model.number, model.name);
        model.protocol = row.text() == "SIP" ? Protocol::kSip : Protocol::kSccp;
        model.family = family_of(row.text()).value_or(Family::kSep);
        row.into(model.selective_cnf, model.default_load, model.max_lines);
        auto vendor = tags("models", model.name, "vendor_config", row.text());
        if (vendor) {
          model.vendor_config = *std::move(vendor);
        } else {
          model.fault = vendor.error().text + std::string(kTagsCure);
        }
        row.into(model.in_use);
        return {};
      });
}

Result<void> load_profiles(Database& database, CampusRows& rows) {
  Campus& campus = rows.campus;
  DIALTONE_TRY(
      load(database, "common_profiles", ", common_config", campus.common_profiles,
           rows.common_profiles, [](RowReader& row, CommonPhoneProfile& profile) -> Result<void> {
             auto config = tags("common_profiles", profile.name, "common_config", row.text());
             if (!config) {
               return config.error();
             }
             profile.common_config = *std::move(config);
             return {};
           }));
  const auto nothing = [](RowReader&, auto&) { return Result<void>(); };
  DIALTONE_TRY(load(database, "sip_profiles", "", campus.sip_profiles, rows.sip_profiles, nothing));
  return load(database, "security_profiles", "", campus.security_profiles, rows.security_profiles,
              nothing);
}

Result<void> load_enterprise(Database& database, CampusRows& rows) {
  EnterpriseParameters& parameters = rows.campus.enterprise;
  DIALTONE_TRY(read_rows(database, "SELECT name, value FROM service_parameters ORDER BY id",
                         [&](RowReader& row) -> Result<void> {
                           const std::string_view name = row.text();
                           rows.has_build_cnf = rows.has_build_cnf || name == "build-cnf";
                           const auto set = set_parameter(parameters, name, row.text());
                           return set ? set
                                      : in_row("service_parameters", name, "value", set.error());
                         }));
  DIALTONE_TRY(read_rows(database, "SELECT name, value FROM enterprise_config ORDER BY id",
                         [&](RowReader& row) -> Result<void> {
                           Tag& tag = parameters.enterprise_config.emplace_back();
                           row.into(tag.name, tag.value);
                           return {};
                         }));
  return read_rows(
      database, "SELECT type, category, name, url, vendor, version FROM phone_services ORDER BY id",
      [&](RowReader& row) -> Result<void> {
        PhoneService& service = rows.campus.phone_services.emplace_back();
        row.into(service.type, service.category, service.name, service.url, service.vendor,
                 service.version);
        return {};
      });
}

Result<void> load_line_profiles(Database& database, CampusRows& rows) {
  return read_rows(
      database,
      "SELECT id, auto_answer_mode, auto_answer, call_waiting, max_calls, busy_trigger, ring_idle, "
      "ring_active, lamp_policy, stutter_amwi, is_shared, logs_missed_calls, show_caller_name, "
      "show_caller_number, show_redirected_number, show_dialed_number, recording "
      "FROM line_profiles ORDER BY id",
      [&](RowReader& row) -> Result<void> {
        rows.line_profiles.add(row.integer());
        LineProfile& profile = rows.profiles_of_lines.emplace_back();
        LineRecord& line = profile.settings;
        row.into(profile.auto_answer_mode, line.auto_answer, line.call_waiting, line.max_calls,
                 line.busy_trigger, line.ring_idle, line.ring_active, line.lamp_policy,
                 line.stutter_amwi, line.is_shared, line.logs_missed_calls, line.show_caller_name,
                 line.show_caller_number, line.show_redirected_number, line.show_dialed_number,
                 line.recording);
        return {};
      });
}

}  // namespace dialtone::database
