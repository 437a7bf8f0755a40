// SPDX-License-Identifier: Apache-2.0
#include "control/database/change_tables.h"

#include <array>

namespace dialtone::database {
namespace {

// Their ports have files as devices that name no row have.
constexpr std::string_view kOfPorts = "SELECT id FROM gateways WHERE kind = 'sccp'";

constexpr auto kTables = std::to_array<ChangeTable>({
    {"cm_nodes", "cm_nodes", "id", Reach::kShared,
     "SELECT id FROM devices WHERE pool_id IN (SELECT id FROM device_pools WHERE cm_group_id IN "
     "(SELECT group_id FROM cm_group_members WHERE node_id = ?1))",
     "SELECT id FROM gateways WHERE pool_id IN (SELECT id FROM device_pools WHERE cm_group_id IN "
     "(SELECT group_id FROM cm_group_members WHERE node_id = ?1))"},
    {"cm_groups", "cm_groups", "id", Reach::kShared,
     "SELECT id FROM devices WHERE pool_id IN (SELECT id FROM device_pools WHERE cm_group_id = "
     "?1)",
     "SELECT id FROM gateways WHERE pool_id IN (SELECT id FROM device_pools WHERE "
     "cm_group_id = ?1)"},
    {"cm_group_members", "cm_groups", "group_id", Reach::kShared, ""},
    {"ntp_servers", "ntp_servers", "id", Reach::kShared,
     "SELECT id FROM devices WHERE pool_id IN (SELECT id FROM device_pools WHERE "
     "date_time_group_id IN (SELECT group_id FROM date_time_group_members WHERE server_id = ?1))",
     "SELECT id FROM gateways WHERE pool_id IN (SELECT id FROM device_pools WHERE "
     "date_time_group_id IN (SELECT group_id FROM date_time_group_members WHERE server_id = ?1))"},
    {"date_time_groups", "date_time_groups", "id", Reach::kShared,
     "SELECT id FROM devices WHERE pool_id IN "
     "(SELECT id FROM device_pools WHERE date_time_group_id = ?1)",
     "SELECT id FROM gateways WHERE pool_id IN "
     "(SELECT id FROM device_pools WHERE date_time_group_id = ?1)"},
    {"date_time_group_members", "date_time_groups", "group_id", Reach::kShared, ""},
    {"srst_references", "srst_references", "id", Reach::kShared,
     "SELECT id FROM devices WHERE pool_id IN (SELECT id FROM device_pools WHERE srst_id = ?1)",
     "SELECT id FROM gateways WHERE pool_id IN (SELECT id FROM device_pools WHERE srst_id = ?1)"},
    {"locales", "locales", "id", Reach::kShared,
     "SELECT id FROM devices WHERE user_locale_id = ?1 OR network_locale_id = ?1 OR pool_id IN "
     "(SELECT id FROM device_pools WHERE user_locale_id = ?1 OR network_locale_id = ?1)",
     "SELECT id FROM gateways WHERE kind = 'sccp' AND pool_id IN "
     "(SELECT id FROM device_pools WHERE user_locale_id = ?1 OR network_locale_id = ?1)"},
    {"device_pools", "device_pools", "id", Reach::kShared,
     "SELECT id FROM devices WHERE pool_id = ?1", "SELECT id FROM gateways WHERE pool_id = ?1"},
    {"models", "models", "id", Reach::kShared, "SELECT id FROM devices WHERE model_id = ?1",
     kOfPorts},
    {"common_profiles", "common_profiles", "id", Reach::kShared,
     "SELECT id FROM devices WHERE common_profile_id = ?1", kOfPorts},
    {"sip_profiles", "sip_profiles", "id", Reach::kShared,
     "SELECT id FROM devices WHERE sip_profile_id = ?1", kOfPorts},
    {"security_profiles", "security_profiles", "id", Reach::kShared,
     "SELECT id FROM devices WHERE security_profile_id = ?1", kOfPorts},
    {"line_profiles", "line_profiles", "id", Reach::kShared,
     "SELECT device_id FROM lines WHERE line_profile_id = ?1 UNION SELECT d.id FROM devices d "
     "JOIN em_lines l ON l.profile_id = d.em_profile_id WHERE l.line_profile_id = ?1"},
    {"dial_plans", "dial_plans", "id", Reach::kShared,
     "SELECT id FROM devices WHERE dial_plan_id = ?1 OR em_profile_id IN "
     "(SELECT id FROM em_profiles WHERE dial_plan_id = ?1)"},
    {"dial_rules", "dial_plans", "plan_id", Reach::kShared, ""},
    {"softkey_templates", "softkey_templates", "id", Reach::kShared,
     "SELECT id FROM devices WHERE softkey_template_id = ?1 OR em_profile_id IN "
     "(SELECT id FROM em_profiles WHERE softkey_template_id = ?1)"},
    {"softkey_sets", "softkey_templates", "template_id", Reach::kShared, ""},
    {"feature_policies", "feature_policies", "id", Reach::kShared,
     "SELECT id FROM devices WHERE feature_policy_id = ?1"},
    {"application_rules", "application_rules", "id", Reach::kSharedFiles, ""},
    {"ring_tones", "ring_tones", "id", Reach::kSharedFiles, ""},
    {"backgrounds", "backgrounds", "id", Reach::kSharedFiles, ""},
    {"family_parameters", "family_parameters", "id", Reach::kEverything, ""},
    {"em_profiles", "em_profiles", "id", Reach::kShared,
     "SELECT id FROM devices WHERE em_profile_id = ?1"},
    {"em_lines", "em_profiles", "profile_id", Reach::kShared, ""},
    {"em_speed_dials", "em_profiles", "profile_id", Reach::kShared, ""},
    {"gateways", "gateways", "id", Reach::kGateway, ""},
    {"gateway_units", "gateways", "gateway_id", Reach::kGateway, ""},
    {"gateway_subunits", "gateways", "gateway_id", Reach::kGateway, ""},
    {"gateway_ports", "gateways", "gateway_id", Reach::kGateway, ""},
    {"gateway_templates", "gateway_templates", "id", Reach::kGateways, ""},
    {"remote_clusters", "remote_clusters", "id", Reach::kNothing, ""},
    {"remote_cluster_servers", "remote_clusters", "cluster_id", Reach::kNothing, ""},
    {"asset_versions", "asset_versions", "id", Reach::kNothing, ""},
    {"phone_services", "phone_services", "id", Reach::kEverything, ""},
    {"service_parameters", "service_parameters", "id", Reach::kParameters, ""},
    {"enterprise_config", "enterprise_config", "id", Reach::kEverything, ""},
    {"devices", "devices", "id", Reach::kDevice, ""},
    {"lines", "devices", "device_id", Reach::kDevice, ""},
    {"speed_dials", "devices", "device_id", Reach::kDevice, ""},
    {"vendor_overrides", "devices", "device_id", Reach::kDevice, ""},
    {"modules", "devices", "device_id", Reach::kDevice, ""},
});

}  // namespace

std::span<const ChangeTable> change_tables() noexcept {
  return kTables;
}

}  // namespace dialtone::database
