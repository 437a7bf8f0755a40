// SPDX-License-Identifier: Apache-2.0
#include "generator/family.h"
#include "generator/list_parameters.h"
#include "generator/render.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace dialtone::generator {
namespace {

std::size_t index_of(Scope scope) noexcept {
  return static_cast<std::size_t>(scope);
}

template <typename Row>
void bind_row(RenderRows& rows, Scope scope, const Row& row, std::size_t weight) noexcept {
  rows.rows[index_of(scope)] = reinterpret_cast<const std::byte*>(&row);
  rows.weights[index_of(scope)] = weight;
}

// `key` is what to set; a number of a row would say nothing to a person.
Error dangling(const char* what, const char* key, std::uint32_t index) {
  const std::string cure = std::string("; set '") + key + "' to one that is there";
  return refused(index == kNoRow
                     ? "it has no " + std::string(what) + cure
                     : "its " + std::string(what) + " is a row that is not there" + cure);
}

// Of a reference that a device need not have; the record has what the file says of it.
template <typename Row>
Result<void> check_index(const std::vector<Row>& all, std::uint32_t index, const char* what,
                         const char* key) {
  return index == kNoRow || index < all.size() ? Result<void>() : dangling(what, key, index);
}

template <typename Row>
Result<void> bind_index(RenderRows& rows, const CampusTables& tables, Scope scope,
                        const std::vector<Row>& all, std::uint32_t index, const char* what,
                        const char* key) {
  if (index >= all.size()) [[unlikely]] {
    return dangling(what, key, index);
  }
  bind_row(rows, scope, all[index], tables.weights[index_of(scope)][index]);
  return {};
}

template <typename Row>
ItemList list_of(Scope scope, std::span<const Row> all) noexcept {
  ItemList list{reinterpret_cast<const std::byte*>(all.data()),
                static_cast<std::uint32_t>(all.size()), sizeof(Row), 0};
  for (const Row& row : all) {
    list.weight += row_weight(scope, &row);
  }
  return list;
}

ItemList& items(RenderRows& rows, Collection collection) noexcept {
  return rows.items[static_cast<std::size_t>(collection)];
}

}  // namespace

RowBinder::RowBinder(const PreparedCampus& campus, Syntax syntax) noexcept
    : tables_(campus.tables(syntax)), syntax_(syntax) {
  bind_row(rows_, Scope::kEnterprise, tables_.rows.enterprise, tables_.enterprise_weight);
  items(rows_, Collection::kEnterpriseConfig) = tables_.enterprise_items;
  items(rows_, Collection::kServices) = tables_.service_items;
  items(rows_, Collection::kLoads) = tables_.load_items;
}

Result<const RenderRows*> RowBinder::bind(const DeviceBatch& batch, const DeviceRecord& device) {
  bind_row(rows_, Scope::kDevice, device, row_weight(Scope::kDevice, &device));
  DIALTONE_TRY(bind_shared(device));
  const std::span<const LineRecord> lines = batch.lines(device);
  items(rows_, Collection::kLines) = list_of(Scope::kLine, lines);
  items(rows_, Collection::kFirstLine) =
      list_of(Scope::kLine, lines.first(std::min<std::size_t>(lines.size(), 1)));
  items(rows_, Collection::kSecondLine) =
      list_of(Scope::kLine,
              lines.subspan(std::min<std::size_t>(lines.size(), 1), lines.size() > 1 ? 1 : 0));
  items(rows_, Collection::kSpeedDials) = list_of(Scope::kDial, batch.speed_dials(device));
  items(rows_, Collection::kModules) = list_of(Scope::kModule, batch.modules(device));
  DIALTONE_TRY(bind_plan(device));
  DIALTONE_TRY(
      bind_vendor_config(batch.overrides(device), tables_.rows.models[device.model], device.model));
  return &rows_;
}

Result<void> RowBinder::bind_shared(const DeviceRecord& device) {
  const Campus& campus = tables_.rows;
  DIALTONE_TRY(
      bind_index(rows_, tables_, Scope::kModel, campus.models, device.model, "model", "model"));
  DIALTONE_TRY(bind_index(rows_, tables_, Scope::kPool, campus.device_pools, device.pool,
                          "device pool", "pool"));
  const DevicePool& pool = campus.device_pools[device.pool];
  // PreparedCampus has checked what a pool refers to.
  bind_row(rows_, Scope::kTime, campus.date_time_groups[pool.date_time_group],
           tables_.weights[index_of(Scope::kTime)][pool.date_time_group]);
  bind_row(rows_, Scope::kGroup, tables_.groups[pool.cm_group],
           tables_.weights[index_of(Scope::kGroup)][pool.cm_group]);
  items(rows_, Collection::kNtps) = tables_.ntp_items[pool.date_time_group];
  items(rows_, Collection::kMembers) = tables_.member_items[pool.cm_group];
  if (pool.srst == kNoRow) {
    bind_row(rows_, Scope::kSrst, tables_.no_srst, tables_.no_srst_weight);
  } else {
    bind_row(rows_, Scope::kSrst, campus.srst_references[pool.srst],
             tables_.weights[index_of(Scope::kSrst)][pool.srst]);
  }
  DIALTONE_TRY(bind_index(rows_, tables_, Scope::kCommon, campus.common_profiles,
                          device.common_profile, "common phone profile", "common_profile"));
  items(rows_, Collection::kCommonConfig) = tables_.common_items[device.common_profile];
  if (campus.models[device.model].protocol == Protocol::kSip) {
    DIALTONE_TRY(bind_index(rows_, tables_, Scope::kSip, campus.sip_profiles, device.sip_profile,
                            "SIP profile", "sip_profile"));
  }
  DIALTONE_TRY(bind_index(rows_, tables_, Scope::kSecurity, campus.security_profiles,
                          device.security_profile, "security profile", "security_profile"));
  DIALTONE_TRY(check_index(campus.dial_plans, device.dial_plan, "dial plan", "dial_plan"));
  DIALTONE_TRY(check_index(campus.softkey_templates, device.softkey_template, "softkey template",
                           "softkey"));
  DIALTONE_TRY(check_index(campus.feature_policies, device.feature_policy, "feature policy",
                           "feature_policy"));
  bind_row(rows_, Scope::kUserLocale, tables_.english, tables_.english_weight);
  if (device.user_locale != kNoRow) {
    DIALTONE_TRY(bind_index(rows_, tables_, Scope::kUserLocale, campus.user_locales,
                            device.user_locale, "user locale", "user_locale"));
  }
  bind_row(rows_, Scope::kNetworkLocale, tables_.english, tables_.english_weight);
  if (device.network_locale != kNoRow) {
    DIALTONE_TRY(bind_index(rows_, tables_, Scope::kNetworkLocale, campus.network_locales,
                            device.network_locale, "network locale", "network_locale"));
  }
  return {};
}

// A plan that these devices cannot have is a fault of those that want it, and of no other.
Result<void> RowBinder::bind_plan(const DeviceRecord& device) {
  if (device.dial_plan == kNoRow) {
    bind_row(rows_, Scope::kPlan, tables_.no_plan, 0);
    return {};
  }
  bind_row(rows_, Scope::kPlan, tables_.plans[device.dial_plan],
           tables_.weights[index_of(Scope::kPlan)][device.dial_plan]);
  const std::string& fault = tables_.plan_faults[device.dial_plan];
  const Family family = tables_.rows.models[device.model].family;
  return fault.empty() || !has_inner_dial_plan(family) ? Result<void>() : refused(fault);
}

// The model's tags in their order, with the device's values, then what only the device has.
Result<void> RowBinder::bind_vendor_config(std::span<const TagOverride> overrides,
                                           const PhoneModel& model, std::uint32_t position) {
  ItemList& list = items(rows_, Collection::kVendor);
  if (syntax_ == Syntax::kXml && has_parameters(model.family)) {
    list = {};  // they are none of vendorConfig's
    return {};
  }
  if (overrides.empty()) {
    list = tables_.vendor_items[position];
    return {};
  }
  const std::vector<TagOverride>& defaults = tables_.vendor[position];
  if (defaults.size() + overrides.size() > kMaxVendorTags) {
    return refused("it has more than " + std::to_string(kMaxVendorTags) + " vendorConfig tags");
  }
  const auto first = merged_.begin();
  auto end = std::copy(defaults.begin(), defaults.end(), first);
  for (const TagOverride& tag : overrides) {
    const std::string_view name = parameter_name(model.family, tag.name);
    if (const std::string_view where = set_elsewhere(model.family, name); !where.empty()) {
      return refused("its parameter '" + std::string(name) + "' comes from " + std::string(where) +
                     "; take vendor." + std::string(tag.name) + " away");
    }
    const auto same =
        std::find_if(first, end, [&](const TagOverride& other) { return other.name == name; });
    if (same != end) {
      same->value = tag.value;
    } else if (is_tag_name(name)) {
      *end++ = {name, tag.value};
    }
  }
  const auto count = static_cast<std::size_t>(end - first);
  list = list_of(Scope::kTag, std::span<const TagOverride>(merged_.data(), count));
  return {};
}

Result<const RenderRows*> RowBinder::bind_default(Family family) {
  if (tables_.groups.empty()) {
    return refused("there is no Unified CM group; XMLDefault.cnf.xml needs one");
  }
  bind_row(rows_, Scope::kGroup, tables_.groups[tables_.default_group],
           tables_.weights[index_of(Scope::kGroup)][tables_.default_group]);
  items(rows_, Collection::kMembers) = tables_.member_items[tables_.default_group];
  items(rows_, Collection::kVendor) = tables_.family_items[static_cast<std::size_t>(family)];
  return &rows_;
}

}  // namespace dialtone::generator
