// SPDX-License-Identifier: Apache-2.0
#include "control/database/campus_loader.h"

#include "control/database/derived.h"
#include "control/database/profile_loader.h"
#include "control/database/row_reader.h"
#include "control/database/shared_file_loader.h"

#include <algorithm>

namespace dialtone::database {
namespace {

using namespace generator;

Result<void> load_nodes(Database& database, CampusRows& rows) {
  return read_rows(
      database,
      "SELECT id, name, description, address, ipv6_address, sccp_port, sip_port, secure_sip_port, "
      "mgcp_listen_port, mgcp_keepalive_port FROM cm_nodes ORDER BY id",
      [&](RowReader& row) -> Result<void> {
        rows.cm_nodes.add(row.integer());
        CmNode& node = rows.campus.cm_nodes.emplace_back();
        row.into(node.name, node.description, node.address, node.ipv6_address, node.sccp_port,
                 node.sip_port, node.secure_sip_port, node.mgcp_listen_port,
                 node.mgcp_keepalive_port);
        return {};
      });
}

// Adds each member to its group; one whose group or target is missing is left to prepare().
template <typename Group>
Result<void> load_members(Database& database, std::string_view sql, const Positions& groups,
                          const Positions& targets, std::vector<Group>& all,
                          std::vector<std::uint32_t> Group::*members) {
  return read_rows(database, sql, [&](RowReader& row) -> Result<void> {
    const std::uint32_t group = groups[row.integer()];
    if (group < all.size()) {
      (all[group].*members).push_back(targets[row.integer()]);
    }
    return {};
  });
}

Result<void> load_cm_groups(Database& database, CampusRows& rows) {
  DIALTONE_TRY(read_rows(database, "SELECT id, name, is_default FROM cm_groups ORDER BY id",
                         [&](RowReader& row) -> Result<void> {
                           rows.cm_groups.add(row.integer());
                           CmGroup& group = rows.campus.cm_groups.emplace_back();
                           row.into(group.name, group.is_default);
                           group.uuid = derived_uuid("cm_groups:" + group.name);
                           return {};
                         }));
  return load_members(database,
                      "SELECT group_id, node_id FROM cm_group_members ORDER BY group_id, prio",
                      rows.cm_groups, rows.cm_nodes, rows.campus.cm_groups, &CmGroup::members);
}

Result<void> load_times(Database& database, CampusRows& rows) {
  DIALTONE_TRY(read_rows(database, "SELECT id, address, mode FROM ntp_servers ORDER BY id",
                         [&](RowReader& row) -> Result<void> {
                           rows.ntp_servers.add(row.integer());
                           NtpServer& server = rows.campus.ntp_servers.emplace_back();
                           row.into(server.address, server.mode);
                           return {};
                         }));
  DIALTONE_TRY(read_rows(database,
                         "SELECT id, name, date_template, time_zone, olson_time_zone FROM "
                         "date_time_groups ORDER BY id",
                         [&](RowReader& row) -> Result<void> {
                           rows.date_time_groups.add(row.integer());
                           DateTimeGroup& group = rows.campus.date_time_groups.emplace_back();
                           row.into(group.name, group.date_template, group.time_zone,
                                    group.olson_time_zone);
                           group.uuid = derived_uuid("date_time_groups:" + group.name);
                           return {};
                         }));
  return load_members(
      database, "SELECT group_id, server_id FROM date_time_group_members ORDER BY group_id, prio",
      rows.date_time_groups, rows.ntp_servers, rows.campus.date_time_groups,
      &DateTimeGroup::ntp_servers);
}

Result<void> load_srst(Database& database, CampusRows& rows) {
  return read_rows(
      database,
      "SELECT id, name, option, user_modifiable, address1, address2, address3, port1, port2, "
      "port3, "
      "sip_address1, sip_address2, sip_address3, sip_port1, sip_port2, sip_port3, is_secure "
      "FROM srst_references ORDER BY id",
      [&](RowReader& row) -> Result<void> {
        rows.srst_references.add(row.integer());
        SrstReference& srst = rows.campus.srst_references.emplace_back();
        row.into(srst.name, srst.option, srst.user_modifiable, srst.address1, srst.address2,
                 srst.address3, srst.port1, srst.port2, srst.port3, srst.sip_address1,
                 srst.sip_address2, srst.sip_address3, srst.sip_port1, srst.sip_port2,
                 srst.sip_port3, srst.is_secure);
        srst.uuid = derived_uuid("srst_references:" + srst.name);
        return {};
      });
}

Result<void> load_locales(Database& database, CampusRows& rows) {
  return read_rows(
      database, "SELECT id, kind, name, lang_code, uid, version, charset FROM locales ORDER BY id",
      [&](RowReader& row) -> Result<void> {
        const std::int64_t id = row.integer();
        const bool is_user = row.text() == "user";
        (is_user ? rows.user_locales : rows.network_locales).add(id);
        Campus& campus = rows.campus;
        Locale& locale = (is_user ? campus.user_locales : campus.network_locales).emplace_back();
        row.into(locale.name, locale.lang_code, locale.uid, locale.version, locale.charset);
        return {};
      });
}

Result<void> load_pools(Database& database, CampusRows& rows) {
  return read_rows(
      database,
      "SELECT id, name, revert_priority, connection_monitor_s, date_time_group_id, cm_group_id, "
      "srst_id, user_locale_id, network_locale_id FROM device_pools ORDER BY id",
      [&](RowReader& row) -> Result<void> {
        rows.device_pools.add(row.integer());
        DevicePool& pool = rows.campus.device_pools.emplace_back();
        row.into(pool.name, pool.revert_priority, pool.connection_monitor_s);
        pool.uuid = derived_uuid("device_pools:" + pool.name);
        pool.date_time_group = rows.date_time_groups[row.integer()];
        pool.cm_group = rows.cm_groups[row.integer()];
        pool.srst = rows.srst_references[row.optional_integer()];
        rows.pool_user_locales.push_back(rows.user_locales[row.optional_integer()]);
        rows.pool_network_locales.push_back(rows.network_locales[row.optional_integer()]);
        return {};
      });
}

}  // namespace

std::uint32_t Positions::operator[](std::int64_t id) const noexcept {
  if (ids_.empty() || id < ids_.front()) {
    return kMissing;
  }
  // Ids are dense unless rows were deleted.
  const auto offset = static_cast<std::uint64_t>(id - ids_.front());
  if (offset < ids_.size() && ids_[offset] == id) {
    return static_cast<std::uint32_t>(offset);
  }
  const auto found = std::lower_bound(ids_.begin(), ids_.end(), id);
  return found == ids_.end() || *found != id ? kMissing
                                             : static_cast<std::uint32_t>(found - ids_.begin());
}

Result<CampusRows> load_campus(Database& database) {
  CampusRows rows;
  DIALTONE_TRY(load_nodes(database, rows));
  DIALTONE_TRY(load_cm_groups(database, rows));
  DIALTONE_TRY(load_times(database, rows));
  DIALTONE_TRY(load_srst(database, rows));
  DIALTONE_TRY(load_locales(database, rows));
  DIALTONE_TRY(load_pools(database, rows));
  DIALTONE_TRY(load_models(database, rows));
  DIALTONE_TRY(load_profiles(database, rows));
  DIALTONE_TRY(load_enterprise(database, rows));
  DIALTONE_TRY(load_line_profiles(database, rows));
  DIALTONE_TRY(load_shared_files(database, rows));
  return rows;
}

Result<CampusRows> load_parameters(Database& database) {
  CampusRows rows;
  DIALTONE_TRY(load_enterprise(database, rows));
  return rows;
}

}  // namespace dialtone::database
