// SPDX-License-Identifier: Apache-2.0
#include "generator/family.h"
#include "generator/list_parameters.h"
#include "generator/render.h"
#include "generator/shared_row_binder.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace dialtone::generator {
namespace {

std::size_t index_of(Scope scope) noexcept {
  return static_cast<std::size_t>(scope);
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
Result<void> need_index(const std::vector<Row>& all, std::uint32_t index, const char* what,
                        const char* key) {
  return index < all.size() ? Result<void>() : dangling(what, key, index);
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

// bind_owner()'s number of a reference that leads nowhere.
template <typename Row>
std::uint32_t row_or_none(const std::vector<Row>& all, std::uint32_t index) noexcept {
  return std::min(index, static_cast<std::uint32_t>(all.size()));
}

}  // namespace

RowBinder::RowBinder(const PreparedCampus& campus, Syntax syntax) noexcept
    : tables_(campus.tables(syntax)), syntax_(syntax) {
  bind_common_rows(tables_, rows_);
}

Result<const RenderRows*> RowBinder::bind(const DeviceBatch& batch, const DeviceRecord& device) {
  rows_.bind(Scope::kDevice, device, row_weight(Scope::kDevice, &device));
  DIALTONE_TRY(bind_shared(device));
  const std::span<const LineRecord> lines = batch.lines(device);
  rows_.list(Collection::kLines) = list_of(Scope::kLine, lines);
  rows_.list(Collection::kFirstLine) =
      list_of(Scope::kLine, lines.first(std::min<std::size_t>(lines.size(), 1)));
  rows_.list(Collection::kSecondLine) =
      list_of(Scope::kLine,
              lines.subspan(std::min<std::size_t>(lines.size(), 1), lines.size() > 1 ? 1 : 0));
  rows_.list(Collection::kSpeedDials) = list_of(Scope::kDial, batch.speed_dials(device));
  rows_.list(Collection::kModules) = list_of(Scope::kModule, batch.modules(device));
  DIALTONE_TRY(check_plan(device));
  DIALTONE_TRY(
      bind_vendor_config(batch.overrides(device), tables_.rows.models[device.model], device.model));
  return &rows_;
}

Result<void> RowBinder::bind_shared(const DeviceRecord& device) {
  const Campus& campus = tables_.rows;
  DIALTONE_TRY(need_index(campus.models, device.model, "model", "model"));
  // One that nobody can read is a fault of its devices, and of no other.
  if (const std::string& fault = campus.models[device.model].fault; !fault.empty()) {
    return refused(fault);
  }
  DIALTONE_TRY(need_index(campus.device_pools, device.pool, "device pool", "pool"));
  DIALTONE_TRY(need_index(campus.common_profiles, device.common_profile, "common phone profile",
                          "common_profile"));
  if (campus.models[device.model].protocol == Protocol::kSip) {
    DIALTONE_TRY(need_index(campus.sip_profiles, device.sip_profile, "SIP profile", "sip_profile"));
    bind_owner(tables_, Scope::kSip, device.sip_profile, rows_);
  }
  DIALTONE_TRY(need_index(campus.security_profiles, device.security_profile, "security profile",
                          "security_profile"));
  DIALTONE_TRY(check_index(campus.dial_plans, device.dial_plan, "dial plan", "dial_plan"));
  DIALTONE_TRY(check_index(campus.softkey_templates, device.softkey_template, "softkey template",
                           "softkey"));
  DIALTONE_TRY(check_index(campus.feature_policies, device.feature_policy, "feature policy",
                           "feature_policy"));
  DIALTONE_TRY(check_index(campus.user_locales, device.user_locale, "user locale", "user_locale"));
  DIALTONE_TRY(check_index(campus.network_locales, device.network_locale, "network locale",
                           "network_locale"));
  bind_owner(tables_, Scope::kModel, device.model, rows_);
  bind_owner(tables_, Scope::kPool, device.pool, rows_);
  bind_owner(tables_, Scope::kCommon, device.common_profile, rows_);
  bind_owner(tables_, Scope::kSecurity, device.security_profile, rows_);
  bind_owner(tables_, Scope::kUserLocale, row_or_none(campus.user_locales, device.user_locale),
             rows_);
  bind_owner(tables_, Scope::kNetworkLocale,
             row_or_none(campus.network_locales, device.network_locale), rows_);
  bind_owner(tables_, Scope::kPlan, row_or_none(tables_.plans, device.dial_plan), rows_);
  return {};
}

// A plan that these devices cannot have is a fault of those that want it, and of no other.
Result<void> RowBinder::check_plan(const DeviceRecord& device) const {
  if (device.dial_plan == kNoRow) {
    return {};
  }
  const std::string& fault = tables_.plan_faults[device.dial_plan];
  const Family family = tables_.rows.models[device.model].family;
  return fault.empty() || !has_inner_dial_plan(family) ? Result<void>() : refused(fault);
}

// The model's tags in their order, with the device's values, then what only the device has.
Result<void> RowBinder::bind_vendor_config(std::span<const TagOverride> overrides,
                                           const PhoneModel& model, std::uint32_t position) {
  ItemList& list = rows_.list(Collection::kVendor);
  rows_.numbers[index_of(Scope::kTag)] = kNoRow;
  if (syntax_ == Syntax::kXml && has_parameters(model.family)) {
    list = {};  // they are none of vendorConfig's
    return {};
  }
  if (overrides.empty()) {
    bind_owner(tables_, Scope::kTag, position, rows_);
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
  rows_.bind(Scope::kGroup, tables_.groups[tables_.default_group],
             tables_.weights[index_of(Scope::kGroup)][tables_.default_group]);
  rows_.list(Collection::kMembers) = tables_.member_items[tables_.default_group];
  rows_.list(Collection::kVendor) = tables_.family_items[static_cast<std::size_t>(family)];
  return &rows_;
}

}  // namespace dialtone::generator
