// SPDX-License-Identifier: Apache-2.0
#include "control/import/shared_tables.h"

#include "control/database/cm_releases.h"
#include "control/database/profile_loader.h"
#include "control/import/list_columns.h"
#include "control/import/parameter_rows.h"
#include "generator/gateway/gateway_names.h"
#include "generator/gateway/gateway_template.h"
#include "generator/records.h"
#include "generator/settings.h"
#include "generator/shared/application_rule_files.h"
#include "generator/shared/background_list_files.h"

#include <array>
#include <string>

namespace dialtone::importing {
namespace {

using database::SharedRow;
using enum ColumnForm;

constexpr std::uint32_t kName = 64;
constexpr std::uint32_t kAddress = 50;  // a phone takes no more
constexpr std::uint32_t kLong = 255;
constexpr std::uint32_t kAnyNumber = 0xffffffff;
constexpr std::uint32_t kManyServers = 16;

constexpr SharedColumn text(std::string_view key, std::uint32_t most) {
  return {key, kText, key, most};
}
constexpr SharedColumn name(std::string_view key = "name") {
  return {key, kText, key, kName, 1, true};
}
constexpr SharedColumn number(std::string_view key, std::uint32_t most = kAnyNumber) {
  return {key, kInteger, key, most};
}
constexpr SharedColumn port(std::string_view key) {
  return {key, kInteger, key, 65535, 1};
}
constexpr SharedColumn boolean(std::string_view key) {
  return {key, kBoolean, key};
}
constexpr SharedColumn choice(std::string_view key, std::span<const std::string_view> choices,
                              bool is_required = false) {
  return {key, kChoice, key, 0, 0, is_required, {}, choices};
}
constexpr SharedColumn reference(std::string_view key, std::string_view column, SharedRow target,
                                 bool is_required = false) {
  return {key, kReference, column, 0, 0, is_required, target};
}
constexpr SharedColumn members(std::string_view key, std::string_view column, std::uint32_t most,
                               SharedRow target) {
  return {key, kMembers, column, most, 0, false, target};
}
constexpr SharedColumn tags(std::string_view key) {
  return {key, kTags, key};
}
constexpr SharedColumn settings(CheckSetting check) {
  return {"settings", kSettings, "settings", 0, 0, false, {}, {}, check};
}

// Whether a row of a profile or of the parameters would take it.
template <typename Row>
Result<void> check_field(std::string_view field, std::string_view value) {
  Row row;
  return generator::set_field(row, field, value);
}
Result<void> check_parameter(std::string_view field, std::string_view value) {
  generator::EnterpriseParameters parameters;
  return database::set_parameter(parameters, field, value);
}
Result<void> check_tag(std::string_view tag, std::string_view) {
  return generator::is_tag_name(tag) ? Result<void>()
                                     : refused("'" + std::string(tag) +
                                               "' is no tag name: a letter or '_', then letters, "
                                               "digits, '_', '-' and '.'");
}

constexpr std::array<std::string_view, 2> kNtpModes = {"unicast", "directedbroadcast"};
constexpr std::array<std::string_view, 2> kSrstOptions = {"Disable", "Enable"};
constexpr std::array<std::string_view, 2> kLocaleKinds = {"user", "network"};
constexpr std::array<std::string_view, 2> kProtocols = {"SCCP", "SIP"};
constexpr std::array<std::string_view, 6> kFamilies = {"sep", "sip7960", "ld", "gk", "ata", "cnf"};
constexpr std::array<std::string_view, 4> kListFamilies = {"sip7960", "ld", "gk", "ata"};
constexpr std::array<std::string_view, 2> kRuleKinds = {"application", "directory"};
constexpr std::array<std::string_view, 3> kRingLists = {"ring", "ring-wb", "distinctive"};

constexpr std::uint32_t kRelease = 32;
constexpr SharedColumn release_of_cm() {
  return checked_text("version", kRelease, check_value<database::check_release>);
}
constexpr SharedColumn kNodes[] = {name(),
                                   text("description", 128),
                                   text("address", kAddress),
                                   text("ipv6_address", kAddress),
                                   port("sccp_port"),
                                   port("sip_port"),
                                   port("secure_sip_port"),
                                   port("mgcp_listen_port"),
                                   port("mgcp_keepalive_port"),
                                   release_of_cm()};
constexpr SharedColumn kGroups[] = {
    name(), boolean("is_default"),
    members("members", "node_id", generator::kMaxGroupMembers, SharedRow::kCmNode)};
constexpr SharedColumn kNtpServers[] = {{"address", kText, "address", kAddress, 1, true},
                                        choice("mode", kNtpModes)};
constexpr SharedColumn kTimeGroups[] = {
    name(), text("date_template", kName), text("time_zone", kName), text("olson_time_zone", kName),
    members("ntp", "server_id", kManyServers, SharedRow::kNtpServer)};
constexpr SharedColumn kSrst[] = {name(),
                                  choice("option", kSrstOptions),
                                  boolean("user_modifiable"),
                                  text("address1", kAddress),
                                  text("address2", kAddress),
                                  text("address3", kAddress),
                                  port("port1"),
                                  port("port2"),
                                  port("port3"),
                                  text("sip_address1", kAddress),
                                  text("sip_address2", kAddress),
                                  text("sip_address3", kAddress),
                                  port("sip_port1"),
                                  port("sip_port2"),
                                  port("sip_port3"),
                                  boolean("is_secure")};
constexpr SharedColumn kLocales[] = {choice("kind", kLocaleKinds, true),
                                     name(),
                                     text("lang_code", kName),
                                     number("uid"),
                                     text("version", kName),
                                     text("charset", kName)};
constexpr SharedColumn kPools[] = {
    name(),
    reference("cm_group", "cm_group_id", SharedRow::kCmGroup, true),
    reference("date_time_group", "date_time_group_id", SharedRow::kDateTimeGroup, true),
    reference("srst", "srst_id", SharedRow::kSrst),
    reference("user_locale", "user_locale_id", SharedRow::kUserLocale),
    reference("network_locale", "network_locale_id", SharedRow::kNetworkLocale),
    number("revert_priority"),
    number("connection_monitor_s")};
constexpr SharedColumn kModels[] = {{"number", kInteger, "number", kAnyNumber, 1, true},
                                    choice("protocol", kProtocols, true),
                                    name(),
                                    text("default_load", kName),
                                    number("max_lines", 999),
                                    tags("vendor_config"),
                                    choice("family", kFamilies),
                                    boolean("selective_cnf"),
                                    number("product"),
                                    number("class", 255)};
constexpr SharedColumn kCommonProfiles[] = {
    name(), settings(check_field<generator::CommonPhoneProfile>), tags("common_config")};
constexpr SharedColumn kSipProfiles[] = {name(), settings(check_field<generator::SipProfile>)};
constexpr SharedColumn kSecurityProfiles[] = {name(),
                                              settings(check_field<generator::SecurityProfile>)};
constexpr SharedColumn kServices[] = {name(),
                                      number("type", 2),
                                      number("category"),
                                      text("url", kLong),
                                      text("vendor", kName),
                                      text("version", kName)};
constexpr SharedColumn kPairs[] = {name(), {"value", kText, "value", 1024, 0, true}};
constexpr SharedColumn kLineProfiles[] = {name(),
                                          text("auto_answer_mode", kName),
                                          number("auto_answer"),
                                          number("call_waiting"),
                                          number("max_calls"),
                                          number("busy_trigger"),
                                          number("ring_idle"),
                                          number("ring_active"),
                                          number("lamp_policy"),
                                          number("stutter_amwi"),
                                          boolean("is_shared"),
                                          boolean("logs_missed_calls"),
                                          boolean("show_caller_name"),
                                          boolean("show_caller_number"),
                                          boolean("show_redirected_number"),
                                          boolean("show_dialed_number"),
                                          number("recording")};

constexpr CheckSetting check_number = check_value<generator::check_number_part>;
constexpr SharedColumn kApplicationRules[] = {name(),
                                              choice("kind", kRuleKinds),
                                              checked_text("begins_with", kName, check_number),
                                              number("num_digits", 100),
                                              number("digits_to_remove", 100),
                                              checked_text("prefix_with", kName, check_number)};
// As phones take them (cisco-tftp 8.1).
constexpr std::uint32_t kRingText = 25;
constexpr SharedColumn kRingTones[] = {choice("list", kRingLists, true),
                                       {"name", kText, "name", kRingText, 1, true},
                                       {"file", kText, "file", kRingText, 1, true}};
constexpr CheckSetting check_image = check_value<generator::check_background_file>;
constexpr SharedColumn kBackgrounds[] = {
    checked_text("folder", kName, check_value<generator::check_background_folder>, true), name(),
    checked_text("preview", kLong, check_image, true),
    checked_text("image", kLong, check_image, true)};
constexpr SharedColumn kFamilyParameters[] = {
    choice("family", kListFamilies, true), name(), {"value", kText, "value", kLong, 0, true}};

// featureID: generator/records.h.
Result<void> check_feature_id(std::string_view, std::string_view value) {
  return value == "2" || value == "20" || value == "21"
             ? Result<void>()
             : refused("feature is 2 (speed dial), 20 (service URL) or 21 (BLF speed dial), not " +
                       std::string(value));
}
constexpr SharedColumn kButton = {"button", kInteger, "button", 999, 1, true};
constexpr SharedColumn kEmLines[] = {
    {"button", kInteger, "idx", 999, 1, true},
    {"dn", kText, "dn", kName, 1, true},
    text("label", kName),
    text("display", kName),
    text("auth_name", 128),
    text("auth_secret", 128),
    text("external_mask", kName),
    text("messages_number", kName),
    reference("profile", "line_profile_id", SharedRow::kLineProfile)};
constexpr NestedTable kEmLineTable = {{.name = "em_lines", .columns = kEmLines}, "profile_id", ""};
constexpr SharedColumn kEmSpeedDials[] = {kButton,
                                          {.key = "feature",
                                           .form = kInteger,
                                           .column = "feature",
                                           .most = 21,
                                           .least = 2,
                                           .check = check_feature_id,
                                           .fallback = "2"},
                                          text("label", kName),
                                          {"number", kText, "number", kLong, 1, true}};
constexpr NestedTable kEmSpeedDialTable = {
    {.name = "em_speed_dials", .columns = kEmSpeedDials}, "profile_id", ""};
constexpr SharedColumn kEmProfiles[] = {
    name(),
    text("user_id", 128),
    text("description", 128),
    text("phone_label", kName),
    reference("user_locale", "user_locale_id", SharedRow::kUserLocale),
    reference("dial_plan", "dial_plan_id", SharedRow::kDialPlan),
    reference("softkey", "softkey_template_id", SharedRow::kSoftkeyTemplate),
    nested("lines", kEmLineTable, 999),
    nested("speed_dials", kEmSpeedDialTable, 999)};

constexpr std::uint32_t kSlot = 255;
constexpr SharedColumn slot(std::string_view key) {
  return {key, kInteger, key, kSlot, 0, true};
}
constexpr SharedColumn kUnits[] = {slot("unit"), {"product", kText, "product", kName, 1, true}};
constexpr NestedTable kUnitTable = {{.name = "gateway_units", .columns = kUnits}, "gateway_id", ""};
constexpr SharedColumn kSubunits[] = {slot("unit"),
                                      slot("subunit"),
                                      {"product", kText, "product", kName, 1, true},
                                      number("begin_port", kSlot)};
constexpr NestedTable kSubunitTable = {
    {.name = "gateway_subunits", .columns = kSubunits, .identity = 2}, "gateway_id", ""};
constexpr SharedColumn kPorts[] = {
    slot("unit"),      slot("subunit"),
    slot("port"),      text("description", 128),
    text("dn", kName), {.key = "settings", .form = kTags, .column = "settings", .fallback = "{}"}};
constexpr NestedTable kPortTable = {
    {.name = "gateway_ports", .columns = kPorts, .identity = 3}, "gateway_id", ""};
Result<void> check_gateway_template(std::string_view name, std::string_view text) {
  const auto program = generator::GatewayTemplate::compile(name, text);
  return program ? Result<void>() : Result<void>(program.error());
}
constexpr SharedColumn kGatewayTemplates[] = {name(),
                                              text("product", kName),
                                              text("description", 128),
                                              {.key = "body",
                                               .form = kDocument,
                                               .column = "body",
                                               .most = generator::GatewayTemplate::kMaxSize,
                                               .is_required = true,
                                               .check = check_gateway_template}};
constexpr SharedColumn kGateways[] = {
    name(),
    choice("kind", generator::kGatewayKindWords, true),
    text("product", kName),
    checked_text("domain", kLong, check_value<generator::check_domain>),
    text("description", 128),
    reference("pool", "pool_id", SharedRow::kPool, true),
    text("load", kName),
    text("template", kName),
    {.key = "settings", .form = kTags, .column = "settings", .fallback = "{}"},
    nested("units", kUnitTable, 256),
    nested("subunits", kSubunitTable, 4096),
    nested("ports", kPortTable, 65'536),
    kRowTime};

// As Cisco's own pages take them (features 1.1).
constexpr std::uint32_t kClusterName = 50;
constexpr SharedColumn kClusterServers[] = {{"address", kText, "address", kLong, 1, true}};
constexpr NestedTable kClusterServerTable = {
    {.name = "remote_cluster_servers", .columns = kClusterServers}, "cluster_id", "prio"};
constexpr SharedColumn kClusters[] = {{"name", kText, "name", kClusterName, 1, true},
                                      text("fqdn", kClusterName),
                                      text("description", 128),
                                      boolean("is_enabled"),
                                      boolean("is_secure"),
                                      release_of_cm(),
                                      nested("servers", kClusterServerTable, 3)};

// One group alone takes the phones that register by themselves.
constexpr std::string_view kOneDefault =
    "UPDATE cm_groups SET is_default = 0 WHERE is_default = 1 AND id <> ?1 "
    "AND (SELECT is_default FROM cm_groups WHERE id = ?1) = 1";

constexpr SharedTable kTables[] = {
    {"cm_nodes", kNodes},
    {"cm_groups", kGroups, 1, "cm_group_members", nullptr, kOneDefault},
    {"ntp_servers", kNtpServers},
    {"date_time_groups", kTimeGroups, 1, "date_time_group_members"},
    {"srst_references", kSrst},
    {"locales", kLocales, 2},
    {.name = "device_pools", .columns = kPools, .has_default = true},
    {.name = "models", .columns = kModels, .identity = 2, .check_written = check_model_parameters},
    {.name = "common_profiles", .columns = kCommonProfiles, .has_default = true},
    {.name = "sip_profiles", .columns = kSipProfiles, .has_default = true},
    {.name = "security_profiles", .columns = kSecurityProfiles, .has_default = true},
    {"phone_services", kServices},
    {"service_parameters", kPairs, 1, {}, check_parameter},
    {"enterprise_config", kPairs, 1, {}, check_tag},
    {"line_profiles", kLineProfiles},
    {"dial_plans", kDialPlans},
    {"softkey_templates", kSoftkeyTemplates},
    {"feature_policies", kFeaturePolicies},
    {"application_rules", kApplicationRules},
    {"ring_tones", kRingTones, 2},
    {"backgrounds", kBackgrounds, 2},
    {.name = "family_parameters",
     .columns = kFamilyParameters,
     .identity = 2,
     .check_written = check_family_parameter,
     .unset = "value"},
    {"em_profiles", kEmProfiles},
    {"gateway_templates", kGatewayTemplates},
    {"gateways", kGateways},
    {"remote_clusters", kClusters},
};

}  // namespace

std::span<const SharedTable> shared_tables() noexcept {
  return kTables;
}

}  // namespace dialtone::importing
