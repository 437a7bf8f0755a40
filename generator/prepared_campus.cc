// SPDX-License-Identifier: Apache-2.0
#include "generator/prepared_campus.h"

#include "generator/campus_tables.h"
#include "generator/escape.h"
#include "generator/fields.h"
#include "generator/inner_dial_plan.h"
#include "generator/list_parameters.h"
#include "generator/model_catalogue.h"
#include "generator/records.h"
#include "generator/tag_views.h"
#include "generator/text_line.h"

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

void fit_row(Scope scope, void* row, Syntax syntax) {
  for (const Field& field : fields_of(scope)) {
    if (field.type == FieldType::kText) {
      auto& text = *reinterpret_cast<std::string*>(static_cast<std::byte*>(row) + field.offset);
      text = syntax == Syntax::kXml ? escaped(text) : lined(text);
    }
  }
}

template <typename Row>
void finish_rows(CampusTables& tables, Scope scope, std::vector<Row>& rows, Syntax syntax) {
  std::vector<std::size_t>& weights = tables.weights[static_cast<std::size_t>(scope)];
  for (Row& row : rows) {
    fit_row(scope, &row, syntax);
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

// Before anything is made fit: the joined rows copy texts as they are, which is done to each on its
// own.
void join_rows(CampusTables& tables) {
  Campus& campus = tables.rows;
  for (const DateTimeGroup& group : campus.date_time_groups) {
    std::vector<NtpServer>& servers = tables.ntps.emplace_back();
    for (const std::uint32_t server : group.ntp_servers) {
      servers.push_back(campus.ntp_servers[server]);
    }
  }
  for (const CmGroup& group : campus.cm_groups) {
    GroupRow& row = tables.groups.emplace_back();
    row.uuid = group.uuid;
    row.name = group.name;
    row.is_default = group.is_default;
    for (const std::uint32_t node : group.members) {
      row.members.push_back(
          {static_cast<std::uint32_t>(row.members.size()), campus.cm_nodes[node]});
    }
    if (!row.members.empty()) {
      row.first_address = row.members[0].node.address;
      row.first_sip_port = row.members[0].node.sip_port;
    }
    if (row.members.size() > 1) {
      row.backup_address = row.members[1].node.address;
      row.backup_sip_port = row.members[1].node.sip_port;
    }
  }
  const auto is_default = std::find_if(campus.cm_groups.begin(), campus.cm_groups.end(),
                                       [](const CmGroup& group) { return group.is_default; });
  if (is_default != campus.cm_groups.end()) {
    tables.default_group = static_cast<std::uint32_t>(is_default - campus.cm_groups.begin());
  }
  for (SipProfile& profile : campus.sip_profiles) {
    profile.blocks_anonymous = profile.anonymous_call_block % 2 == 1;
    profile.blocks_caller_id = profile.caller_id_blocking % 2 == 1;
  }
  for (PhoneModel& model : campus.models) {
    const std::uint32_t on = call_block_on(model.number);
    model.blocks_by_one = on == 1;
    model.blocks_by_two = on == 2;
    tables.vendor.push_back(tag_views(model.vendor_config));
    DeviceFileSet files = files_of(model.family, model.selective_cnf, campus.enterprise.build_cnf);
    tables.files.push_back(campus.encodes_cnf ? files : files.without(DeviceFile::kCnf));
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
  for (const DialPlan& plan : campus.dial_plans) {
    auto text = inner_dial_plan(plan);
    tables.plan_faults.push_back(text ? std::string() : text.error().text);
    tables.plans.push_back({plan.name, text ? *std::move(text) : std::string()});
  }
  for (DateTimeGroup& group : campus.date_time_groups) {
    set_short_forms(group);
    if (!group.ntp_servers.empty()) {
      group.first_ntp = campus.ntp_servers[group.ntp_servers[0]].address;
      group.first_ntp_mode = campus.ntp_servers[group.ntp_servers[0]].mode;
    }
  }
}

void finish(CampusTables& tables, Syntax syntax) {
  Campus& campus = tables.rows;
  finish_rows(tables, Scope::kModel, campus.models, syntax);
  finish_rows(tables, Scope::kPool, campus.device_pools, syntax);
  finish_rows(tables, Scope::kTime, campus.date_time_groups, syntax);
  finish_rows(tables, Scope::kGroup, tables.groups, syntax);
  finish_rows(tables, Scope::kSrst, campus.srst_references, syntax);
  finish_rows(tables, Scope::kCommon, campus.common_profiles, syntax);
  finish_rows(tables, Scope::kSip, campus.sip_profiles, syntax);
  finish_rows(tables, Scope::kSecurity, campus.security_profiles, syntax);
  finish_rows(tables, Scope::kUserLocale, campus.user_locales, syntax);
  finish_rows(tables, Scope::kNetworkLocale, campus.network_locales, syntax);
  finish_rows(tables, Scope::kService, campus.phone_services, syntax);
  finish_rows(tables, Scope::kLoad, tables.loads, syntax);
  finish_rows(tables, Scope::kPlan, tables.plans, syntax);
  fit_row(Scope::kEnterprise, &campus.enterprise, syntax);
  tables.enterprise_weight = row_weight(Scope::kEnterprise, &campus.enterprise);
  fit_row(Scope::kSrst, &tables.no_srst, syntax);
  tables.no_srst_weight = row_weight(Scope::kSrst, &tables.no_srst);
  tables.english_weight = row_weight(Scope::kUserLocale, &tables.english);

  for (std::vector<NtpServer>& servers : tables.ntps) {
    std::for_each(servers.begin(), servers.end(),
                  [&](NtpServer& server) { fit_row(Scope::kNtp, &server, syntax); });
    tables.ntp_items.push_back(item_list(Scope::kNtp, servers));
  }
  for (GroupRow& group : tables.groups) {
    std::for_each(group.members.begin(), group.members.end(),
                  [&](CmMember& member) { fit_row(Scope::kMember, &member, syntax); });
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
  for (std::size_t i = 0; i < kFamilyCount; ++i) {
    tables.family_items[i] = item_list(Scope::kTag, tables.family[i]);
  }
}

}  // namespace

PreparedCampus::PreparedCampus(std::unique_ptr<CampusTables> xml,
                               std::unique_ptr<CampusTables> lines) noexcept
    : xml_(std::move(xml)), lines_(std::move(lines)) {}
PreparedCampus::PreparedCampus(PreparedCampus&&) noexcept = default;
PreparedCampus& PreparedCampus::operator=(PreparedCampus&&) noexcept = default;
PreparedCampus::~PreparedCampus() = default;

Result<PreparedCampus> PreparedCampus::prepare(Campus campus) {
  DIALTONE_TRY(check_references(campus));
  const auto tables_for = [](Campus rows, Syntax syntax) {
    auto tables = std::make_unique<CampusTables>();
    tables->rows = std::move(rows);
    add_list_parameters(*tables);
    join_rows(*tables);
    finish(*tables, syntax);
    return tables;
  };
  Campus for_lines = campus;
  for (PhoneModel& model : for_lines.models) {
    if (!has_parameters(model.family)) {
      model.vendor_config.clear();  // no file of lines has it
    }
  }
  auto lines = tables_for(std::move(for_lines), Syntax::kLines);
  return PreparedCampus(tables_for(std::move(campus), Syntax::kXml), std::move(lines));
}

}  // namespace dialtone::generator
