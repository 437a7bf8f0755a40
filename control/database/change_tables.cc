// SPDX-License-Identifier: Apache-2.0
#include "control/database/change_tables.h"

#include <array>
#include <string>

namespace dialtone::database {
namespace {

constexpr auto kTables = std::to_array<ChangeTable>({
    {"cm_nodes", "cm_nodes", "id", Reach::kShared,
     "SELECT id FROM devices WHERE pool_id IN (SELECT id FROM device_pools WHERE cm_group_id IN "
     "(SELECT group_id FROM cm_group_members WHERE node_id = ?1))"},
    {"cm_groups", "cm_groups", "id", Reach::kShared,
     "SELECT id FROM devices WHERE pool_id IN (SELECT id FROM device_pools WHERE cm_group_id = "
     "?1)"},
    {"cm_group_members", "cm_groups", "group_id", Reach::kShared, ""},
    {"ntp_servers", "ntp_servers", "id", Reach::kShared,
     "SELECT id FROM devices WHERE pool_id IN (SELECT id FROM device_pools WHERE "
     "date_time_group_id IN (SELECT group_id FROM date_time_group_members WHERE server_id = ?1))"},
    {"date_time_groups", "date_time_groups", "id", Reach::kShared,
     "SELECT id FROM devices WHERE pool_id IN "
     "(SELECT id FROM device_pools WHERE date_time_group_id = ?1)"},
    {"date_time_group_members", "date_time_groups", "group_id", Reach::kShared, ""},
    {"srst_references", "srst_references", "id", Reach::kShared,
     "SELECT id FROM devices WHERE pool_id IN (SELECT id FROM device_pools WHERE srst_id = ?1)"},
    {"locales", "locales", "id", Reach::kShared,
     "SELECT id FROM devices WHERE user_locale_id = ?1 OR network_locale_id = ?1 OR pool_id IN "
     "(SELECT id FROM device_pools WHERE user_locale_id = ?1 OR network_locale_id = ?1)"},
    {"device_pools", "device_pools", "id", Reach::kShared,
     "SELECT id FROM devices WHERE pool_id = ?1"},
    {"models", "models", "id", Reach::kShared, "SELECT id FROM devices WHERE model_id = ?1"},
    {"common_profiles", "common_profiles", "id", Reach::kShared,
     "SELECT id FROM devices WHERE common_profile_id = ?1"},
    {"sip_profiles", "sip_profiles", "id", Reach::kShared,
     "SELECT id FROM devices WHERE sip_profile_id = ?1"},
    {"security_profiles", "security_profiles", "id", Reach::kShared,
     "SELECT id FROM devices WHERE security_profile_id = ?1"},
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
    {"gateways", "gateways", "id", Reach::kSharedFiles, ""},
    {"gateway_units", "gateways", "gateway_id", Reach::kSharedFiles, ""},
    {"gateway_subunits", "gateways", "gateway_id", Reach::kSharedFiles, ""},
    {"gateway_ports", "gateways", "gateway_id", Reach::kSharedFiles, ""},
    {"remote_clusters", "remote_clusters", "id", Reach::kNothing, ""},
    {"remote_cluster_servers", "remote_clusters", "cluster_id", Reach::kNothing, ""},
    {"asset_versions", "asset_versions", "id", Reach::kNothing, ""},
    {"phone_services", "phone_services", "id", Reach::kEverything, ""},
    {"service_parameters", "service_parameters", "id", Reach::kEverything, ""},
    {"enterprise_config", "enterprise_config", "id", Reach::kEverything, ""},
    {"devices", "devices", "id", Reach::kDevice, ""},
    {"lines", "devices", "device_id", Reach::kDevice, ""},
    {"speed_dials", "devices", "device_id", Reach::kDevice, ""},
    {"vendor_overrides", "devices", "device_id", Reach::kDevice, ""},
    {"modules", "devices", "device_id", Reach::kDevice, ""},
});

// The columns that a table has, as triggers need them.
struct Columns {
  std::string all_but_time;  // "name, description": a change of these is one of the row
  bool has_time = false;     // changed_s, which triggers keep
};

Result<Columns> columns_of(Database& database, std::string_view table) {
  Columns columns;
  DIALTONE_TRY(database.for_each(
      "SELECT name FROM pragma_table_info(?1)",
      [&](const Query& row) {
        if (row.text(0) == "changed_s") {
          columns.has_time = true;
        } else {
          columns.all_but_time += (columns.all_but_time.empty() ? "" : ", ");
          columns.all_but_time += row.text(0);
        }
      },
      table));
  return columns;
}

// Whatever happens to a child is an update of its parent.
std::string log_row(const ChangeTable& table, std::string_view row, std::string_view op) {
  const std::string_view logged_op = table.logged_as == table.name ? op : "update";
  return "INSERT INTO change_log (tbl, row_id, op) SELECT '" + std::string(table.logged_as) +
         "', " + std::string(row) + "." + std::string(table.key) + ", '" + std::string(logged_op) +
         "'";
}

// Of the row that a child belongs to. Most rows of a transaction find it done already.
std::string touch_parent(const ChangeTable& table, std::string_view row) {
  return " UPDATE " + std::string(table.logged_as) +
         " SET changed_s = unixepoch() WHERE id = " + std::string(row) + "." +
         std::string(table.key) + " AND changed_s <> unixepoch();";
}

std::string trigger(std::string_view table, std::string_view op, std::string_view body) {
  const std::string name(table);
  return "CREATE TRIGGER " + name + "_" + std::string(op) + " AFTER " + std::string(op) + " ON " +
         name + " BEGIN " + std::string(body) + " END;\n";
}

// `touches`: the parent has a time to keep.
std::string plain_triggers(const ChangeTable& table, bool touches) {
  const std::string key(table.key);
  const std::string moved = " WHERE OLD." + key + " <> NEW." + key + ";";
  const std::string touch_new = touches ? touch_parent(table, "NEW") : std::string();
  const std::string touch_old = touches ? touch_parent(table, "OLD") : std::string();
  return trigger(table.name, "insert", touch_new + log_row(table, "NEW", "insert") + ";") +
         trigger(table.name, "update",
                 touch_new + log_row(table, "NEW", "update") + ";" + touch_old +
                     log_row(table, "OLD", "update") + moved) +
         trigger(table.name, "delete", touch_old + log_row(table, "OLD", "delete") + ";");
}

// Of a table whose rows have a time. Keeping the time is no change of its own; a time set by hand
// is. Children are deleted here as well, since a hand with the sqlite3 shell has no foreign keys.
std::string timed_triggers(std::string_view table, const std::string& columns) {
  const std::string name(table);
  const std::string log = "INSERT INTO change_log (tbl, row_id, op, old_name) VALUES ('" + name;
  std::string children;
  for (const ChangeTable& child : kTables) {
    if (child.logged_as == table && child.name != table) {
      children += "DELETE FROM " + std::string(child.name) + " WHERE " + std::string(child.key) +
                  " = OLD.id; ";
    }
  }
  return trigger(table, "insert", log + "', NEW.id, 'insert', NULL);") + "CREATE TRIGGER " + name +
         "_update AFTER UPDATE OF " + columns + " ON " + name + " BEGIN UPDATE " + name +
         " SET changed_s = unixepoch() WHERE id = NEW.id AND changed_s <> unixepoch(); " + log +
         "', NEW.id, 'update', CASE WHEN OLD.name <> NEW.name THEN OLD.name END); END;\n" +
         "CREATE TRIGGER " + name + "_update_time AFTER UPDATE OF changed_s ON " + name +
         " WHEN NEW.changed_s <> OLD.changed_s AND NEW.changed_s <> unixepoch() BEGIN " + log +
         "', NEW.id, 'update', NULL); END;\n" +
         trigger(table, "delete", children + log + "', OLD.id, 'delete', OLD.name);");
}

Result<std::string> triggers_of(Database& database, const ChangeTable& table) {
  const auto columns = columns_of(database, table.name);
  if (!columns) {
    return columns.error();
  }
  if (columns->has_time) {
    return timed_triggers(table.name, columns->all_but_time);
  }
  const auto parent = columns_of(database, table.logged_as);
  if (!parent) {
    return parent.error();
  }
  return plain_triggers(table, parent->has_time);
}

}  // namespace

std::span<const ChangeTable> change_tables() noexcept {
  return kTables;
}

Result<void> drop_triggers(Database& database) {
  std::string sql;
  DIALTONE_TRY(database.for_each(
      "SELECT name FROM sqlite_schema WHERE type = 'trigger'",
      [&](const Query& row) { sql += "DROP TRIGGER " + std::string(row.text(0)) + ";"; }));
  return database.execute(sql);
}

Result<void> create_triggers(Database& database) {
  for (const ChangeTable& table : kTables) {
    auto sql = triggers_of(database, table);
    if (!sql) {
      return sql.error();
    }
    DIALTONE_TRY(database.execute(*sql));
  }
  return {};
}

}  // namespace dialtone::database
