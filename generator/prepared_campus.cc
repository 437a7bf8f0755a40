// SPDX-License-Identifier: Apache-2.0
#include "generator/prepared_campus.h"

#include "generator/campus_tables.h"
#include "generator/escape.h"
#include "generator/fields.h"
#include "generator/records.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace dialtone::generator {
namespace {

// `key` is what to set; a number of a row would say nothing to a person.
Error dangling(std::string_view kind, std::string_view name, std::string_view target,
               std::string_view key) {
  return refused(std::string(kind) + " \"" + std::string(name) + "\": its " + std::string(target) +
                 " is a row that is not there; set '" + std::string(key) +
                 "' to one that is there");
}

Result<void> check_references(const Campus& campus) {
  for (const DateTimeGroup& group : campus.date_time_groups) {
    for (const std::uint32_t server : group.ntp_servers) {
      if (server >= campus.ntp_servers.size()) {
        return dangling("date/time group", group.name, "NTP server", "ntp");
      }
    }
  }
  for (const CmGroup& group : campus.cm_groups) {
    if (group.members.size() > kMaxGroupMembers) {
      return refused("Unified CM group \"" + group.name + "\" has " +
                     std::to_string(group.members.size()) + " members; at most " +
                     std::to_string(kMaxGroupMembers) + " are possible");
    }
    for (const std::uint32_t node : group.members) {
      if (node >= campus.cm_nodes.size()) {
        return dangling("Unified CM group", group.name, "Unified CM node", "members");
      }
    }
  }
  for (const DevicePool& pool : campus.device_pools) {
    if (pool.date_time_group >= campus.date_time_groups.size()) {
      return dangling("device pool", pool.name, "date/time group", "date_time_group");
    }
    if (pool.cm_group >= campus.cm_groups.size()) {
      return dangling("device pool", pool.name, "Unified CM group", "cm_group");
    }
    if (pool.srst != kNoRow && pool.srst >= campus.srst_references.size()) {
      return dangling("device pool", pool.name, "SRST reference", "srst");
    }
  }
  return {};
}

void escape_row(Scope scope, void* row) {
  for (const Field& field : fields_of(scope)) {
    if (field.type == FieldType::kText) {
      auto& text = *reinterpret_cast<std::string*>(static_cast<std::byte*>(row) + field.offset);
      text = escaped(text);
    }
  }
}

template <typename Row>
void finish_rows(CampusTables& tables, Scope scope, std::vector<Row>& rows) {
  std::vector<std::size_t>& weights = tables.weights[static_cast<std::size_t>(scope)];
  for (Row& row : rows) {
    escape_row(scope, &row);
    weights.push_back(row_weight(scope, &row));
  }
}

template <typename Row>
ItemList item_list(Scope scope, const std::vector<Row>& rows) {
  ItemList list{reinterpret_cast<const std::byte*>(rows.data()),
                static_cast<std::uint32_t>(rows.size()), sizeof(Row), 0};
  for (const Row& row : rows) {
    list.weight += row_weight(scope, &row);
  }
  return list;
}

// One tag for each name, at its first place, with its last value.
std::vector<TagOverride> tag_views(const TagMap& tags) {
  std::vector<TagOverride> views;
  for (const Tag& tag : tags) {
    const auto same = std::find_if(views.begin(), views.end(),
                                   [&](const TagOverride& view) { return view.name == tag.name; });
    if (same != views.end()) {
      same->value = tag.value;
    } else if (is_tag_name(tag.name)) {
      views.push_back({tag.name, tag.value});
    }
  }
  return views;
}

// Before anything is escaped: the joined rows copy texts as they are and are escaped on their own.
void join_rows(CampusTables& tables) {
  Campus& campus = tables.rows;
  for (const DateTimeGroup& group : campus.date_time_groups) {
    std::vector<NtpServer>& servers = tables.ntps.emplace_back();
    for (const std::uint32_t server : group.ntp_servers) {
      servers.push_back(campus.ntp_servers[server]);
    }
  }
  for (const CmGroup& group : campus.cm_groups) {
    GroupRow& row =
        tables.groups.emplace_back(GroupRow{group.uuid, group.name, group.is_default, {}, {}});
    for (const std::uint32_t node : group.members) {
      row.members.push_back(
          {static_cast<std::uint32_t>(row.members.size()), campus.cm_nodes[node]});
    }
    row.first_address = row.members.empty() ? std::string() : row.members.front().node.address;
  }
  const auto is_default = std::find_if(campus.cm_groups.begin(), campus.cm_groups.end(),
                                       [](const CmGroup& group) { return group.is_default; });
  if (is_default != campus.cm_groups.end()) {
    tables.default_group = static_cast<std::uint32_t>(is_default - campus.cm_groups.begin());
  }
  for (const PhoneModel& model : campus.models) {
    tables.vendor.push_back(tag_views(model.vendor_config));
    if (model.default_load.empty()) {
      continue;
    }
    const auto same =
        std::find_if(tables.loads.begin(), tables.loads.end(),
                     [&](const LoadRow& load) { return load.number == model.number; });
    if (same == tables.loads.end()) {
      tables.loads.push_back({model.number, model.name, model.default_load});
    } else if (model.protocol == campus.enterprise.auto_registration) {
      *same = {model.number, model.name, model.default_load};
    }
  }
  std::sort(tables.loads.begin(), tables.loads.end(),
            [](const LoadRow& a, const LoadRow& b) { return a.number < b.number; });
  for (const CommonPhoneProfile& profile : campus.common_profiles) {
    tables.common.push_back(tag_views(profile.common_config));
  }
  tables.enterprise = tag_views(campus.enterprise.enterprise_config);
}

void finish(CampusTables& tables) {
  Campus& campus = tables.rows;
  finish_rows(tables, Scope::kModel, campus.models);
  finish_rows(tables, Scope::kPool, campus.device_pools);
  finish_rows(tables, Scope::kTime, campus.date_time_groups);
  finish_rows(tables, Scope::kGroup, tables.groups);
  finish_rows(tables, Scope::kSrst, campus.srst_references);
  finish_rows(tables, Scope::kCommon, campus.common_profiles);
  finish_rows(tables, Scope::kSip, campus.sip_profiles);
  finish_rows(tables, Scope::kSecurity, campus.security_profiles);
  finish_rows(tables, Scope::kUserLocale, campus.user_locales);
  finish_rows(tables, Scope::kNetworkLocale, campus.network_locales);
  finish_rows(tables, Scope::kService, campus.phone_services);
  finish_rows(tables, Scope::kLoad, tables.loads);
  escape_row(Scope::kEnterprise, &campus.enterprise);
  tables.enterprise_weight = row_weight(Scope::kEnterprise, &campus.enterprise);
  escape_row(Scope::kSrst, &tables.no_srst);
  tables.no_srst_weight = row_weight(Scope::kSrst, &tables.no_srst);
  tables.english_weight = row_weight(Scope::kUserLocale, &tables.english);

  for (std::vector<NtpServer>& servers : tables.ntps) {
    std::for_each(servers.begin(), servers.end(),
                  [](NtpServer& server) { escape_row(Scope::kNtp, &server); });
    tables.ntp_items.push_back(item_list(Scope::kNtp, servers));
  }
  for (GroupRow& group : tables.groups) {
    std::for_each(group.members.begin(), group.members.end(),
                  [](CmMember& member) { escape_row(Scope::kMember, &member); });
    tables.member_items.push_back(item_list(Scope::kMember, group.members));
  }
  for (const std::vector<TagOverride>& tags : tables.vendor) {
    tables.vendor_items.push_back(item_list(Scope::kTag, tags));
  }
  for (const std::vector<TagOverride>& tags : tables.common) {
    tables.common_items.push_back(item_list(Scope::kTag, tags));
  }
  tables.enterprise_items = item_list(Scope::kTag, tables.enterprise);
  tables.service_items = item_list(Scope::kService, campus.phone_services);
  tables.load_items = item_list(Scope::kLoad, tables.loads);
}

}  // namespace

PreparedCampus::PreparedCampus(std::unique_ptr<CampusTables> tables) noexcept
    : tables_(std::move(tables)) {}
PreparedCampus::PreparedCampus(PreparedCampus&&) noexcept = default;
PreparedCampus& PreparedCampus::operator=(PreparedCampus&&) noexcept = default;
PreparedCampus::~PreparedCampus() = default;

Result<PreparedCampus> PreparedCampus::prepare(Campus campus) {
  DIALTONE_TRY(check_references(campus));
  auto tables = std::make_unique<CampusTables>();
  tables->rows = std::move(campus);
  join_rows(*tables);
  finish(*tables);
  return PreparedCampus(std::move(tables));
}

}  // namespace dialtone::generator
