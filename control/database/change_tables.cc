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
     "SELECT DISTINCT device_id FROM lines WHERE line_profile_id = ?1"},
    {"phone_services", "phone_services", "id", Reach::kEverything, ""},
    {"service_parameters", "service_parameters", "id", Reach::kEverything, ""},
    {"enterprise_config", "enterprise_config", "id", Reach::kEverything, ""},
    {"devices", "devices", "id", Reach::kDevice, ""},
    {"lines", "devices", "device_id", Reach::kDevice, ""},
    {"speed_dials", "devices", "device_id", Reach::kDevice, ""},
    {"vendor_overrides", "devices", "device_id", Reach::kDevice, ""},
    {"modules", "devices", "device_id", Reach::kDevice, ""},
});

constexpr std::string_view kDevices = "devices";

// Whatever happens to a child is an update of its parent.
std::string log_row(const ChangeTable& table, std::string_view row, std::string_view op) {
  const std::string_view logged_op = table.logged_as == table.name ? op : "update";
  return "INSERT INTO change_log (tbl, row_id, op) SELECT '" + std::string(table.logged_as) +
         "', " + std::string(row) + "." + std::string(table.key) + ", '" + std::string(logged_op) +
         "'";
}

// Of the device that a child row belongs to. Most rows of a transaction find it done already.
std::string touch_device(const ChangeTable& table, std::string_view row) {
  if (table.logged_as != kDevices) {
    return {};
  }
  return " UPDATE devices SET changed_s = unixepoch() WHERE id = " + std::string(row) + "." +
         std::string(table.key) + " AND changed_s <> unixepoch();";
}

std::string trigger(const ChangeTable& table, std::string_view op, std::string_view body) {
  const std::string name(table.name);
  return "CREATE TRIGGER " + name + "_" + std::string(op) + " AFTER " + std::string(op) + " ON " +
         name + " BEGIN " + std::string(body) + " END;\n";
}

std::string table_triggers(const ChangeTable& table) {
  const std::string key(table.key);
  const std::string moved = " WHERE OLD." + key + " <> NEW." + key + ";";
  return trigger(table, "insert",
                 touch_device(table, "NEW") + log_row(table, "NEW", "insert") + ";") +
         trigger(table, "update",
                 touch_device(table, "NEW") + log_row(table, "NEW", "update") + ";" +
                     touch_device(table, "OLD") + log_row(table, "OLD", "update") + moved) +
         trigger(table, "delete",
                 touch_device(table, "OLD") + log_row(table, "OLD", "delete") + ";");
}

// `columns`: all but changed_s, so that keeping the time is no change of its own; a time set by
// hand is. Children are deleted here as well, since a hand with the sqlite3 shell has no foreign
// keys.
std::string device_triggers(std::string_view columns) {
  std::string sql =
      "CREATE TRIGGER devices_insert AFTER INSERT ON devices BEGIN "
      "INSERT INTO change_log (tbl, row_id, op) VALUES ('devices', NEW.id, 'insert'); END;\n"
      "CREATE TRIGGER devices_update AFTER UPDATE OF " +
      std::string(columns) +
      " ON devices BEGIN "
      "UPDATE devices SET changed_s = unixepoch() WHERE id = NEW.id AND changed_s <> unixepoch(); "
      "INSERT INTO change_log (tbl, row_id, op, old_name) VALUES ('devices', NEW.id, 'update', "
      "CASE WHEN OLD.name <> NEW.name THEN OLD.name END); END;\n"
      "CREATE TRIGGER devices_update_time AFTER UPDATE OF changed_s ON devices "
      "WHEN NEW.changed_s <> OLD.changed_s AND NEW.changed_s <> unixepoch() BEGIN "
      "INSERT INTO change_log (tbl, row_id, op) VALUES ('devices', NEW.id, 'update'); END;\n"
      "CREATE TRIGGER devices_delete AFTER DELETE ON devices BEGIN ";
  for (const ChangeTable& table : kTables) {
    if (table.logged_as == kDevices && table.name != kDevices) {
      sql += "DELETE FROM " + std::string(table.name) + " WHERE device_id = OLD.id; ";
    }
  }
  return sql +
         "INSERT INTO change_log (tbl, row_id, op, old_name) "
         "VALUES ('devices', OLD.id, 'delete', OLD.name); END;\n";
}

}  // namespace

std::span<const ChangeTable> change_tables() noexcept {
  return kTables;
}

Result<void> create_triggers(Database& database) {
  for (const ChangeTable& table : kTables) {
    if (table.name != kDevices) {
      DIALTONE_TRY(database.execute(table_triggers(table)));
    }
  }
  auto columns = database.query(
      "SELECT group_concat(name, ', ') FROM pragma_table_info('devices') WHERE name <> "
      "'changed_s'");
  if (!columns) {
    return columns.error();
  }
  const auto row = columns->step();
  if (!row) {
    return row.error();
  }
  return database.execute(device_triggers(std::string(columns->text(0))));
}

}  // namespace dialtone::database
