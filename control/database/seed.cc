// SPDX-License-Identifier: Apache-2.0
#include "control/database/seed.h"

#include "control/database/tag_text.h"
#include "generator/family.h"
#include "generator/model_catalogue.h"

#include <string>

namespace dialtone::database {
namespace {

// Each of these rows is the first of its table: devices.pool_id and the like default to 1. The node
// is a host called "cm", as processNodeName may be: the default pool works where DNS knows that
// name, and elsewhere once the node has the address of a real Unified CM.
constexpr const char* kSharedRows = R"(
  INSERT INTO cm_nodes (id, name, description, address)
    VALUES (1, 'cm', 'Default node: give it the address of a Unified CM', 'cm');
  INSERT INTO cm_groups (id, name, is_default) VALUES (1, 'Default', 1);
  INSERT INTO cm_group_members (group_id, prio, node_id) VALUES (1, 0, 1);
  INSERT INTO date_time_groups (id, name) VALUES (1, 'CMLocal');
  INSERT INTO locales (id, kind, name, lang_code, uid) VALUES
    (1, 'user', 'English_United_States', 'en_US', 1),
    (2, 'network', 'United_States', '', 64);
  INSERT INTO device_pools (id, name, cm_group_id, date_time_group_id, user_locale_id,
    network_locale_id) VALUES (1, 'Default', 1, 1, 1, 2);
  INSERT INTO common_profiles (id, name) VALUES (1, 'Standard Common Phone Profile');
  INSERT INTO sip_profiles (id, name) VALUES (1, 'Standard SIP Profile');
  INSERT INTO security_profiles (id, name) VALUES (1, 'Standard non-secure');
  INSERT INTO phone_services (name, type, url) VALUES
    ('Missed Calls', 1, 'Application:Cisco/MissedCalls'),
    ('Received Calls', 1, 'Application:Cisco/ReceivedCalls'),
    ('Placed Calls', 1, 'Application:Cisco/PlacedCalls'),
    ('Personal Directory', 1, 'Application:Cisco/PersonalDirectory'),
    ('Corporate Directory', 1, 'Application:Cisco/CorporateDirectory'),
    ('Voicemail', 2, 'Application:Cisco/Voicemail');
)";

Result<void> add_model(Database& database, const generator::CatalogueModel& model,
                       generator::Protocol protocol, std::string_view load) {
  const bool is_sip = protocol == generator::Protocol::kSip;
  return database.run(
      "INSERT INTO models (number, name, protocol, default_load, max_lines, vendor_config, family, "
      "selective_cnf, product, class) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) "
      "ON CONFLICT (number, protocol) DO NOTHING",
      model.number, model.name, is_sip ? "SIP" : "SCCP", load, model.max_lines,
      tags_json(generator::default_vendor_config(model, protocol)),
      family_name(generator::default_family(model.number, protocol)),
      std::int64_t{model.selective_cnf}, model.product, model.device_class);
}

}  // namespace

Result<void> seed_shared_rows(Database& database) {
  return database.execute(kSharedRows);
}

Result<void> seed_models(Database& database) {
  for (const generator::CatalogueModel& model : generator::model_catalogue()) {
    if (model.sccp) {
      DIALTONE_TRY(add_model(database, model, generator::Protocol::kSccp, model.sccp_load));
    }
    if (model.sip) {
      DIALTONE_TRY(add_model(database, model, generator::Protocol::kSip, model.sip_load));
    }
  }
  return {};
}

}  // namespace dialtone::database
