// SPDX-License-Identifier: Apache-2.0
#include "generator/shared_row_binder.h"

namespace dialtone::generator {
namespace {

constexpr std::size_t index_of(Scope scope) noexcept {
  return static_cast<std::size_t>(scope);
}

template <typename Row>
void bind(const CampusTables& tables, RenderRows& rows, Scope scope, const std::vector<Row>& all,
          std::uint32_t number) noexcept {
  rows.bind(scope, all[number], tables.weights[index_of(scope)][number]);
}

template <typename Row>
void bind_or(const CampusTables& tables, RenderRows& rows, Scope scope, const std::vector<Row>& all,
             std::uint32_t number, const Row& none, std::size_t weight) noexcept {
  if (number < all.size()) {
    bind(tables, rows, scope, all, number);
  } else {
    rows.bind(scope, none, weight);
  }
}

// PreparedCampus has checked what a pool refers to.
void bind_pool(const CampusTables& tables, RenderRows& rows, std::uint32_t number) noexcept {
  const Campus& campus = tables.rows;
  const DevicePool& pool = campus.device_pools[number];
  bind(tables, rows, Scope::kPool, campus.device_pools, number);
  bind(tables, rows, Scope::kTime, campus.date_time_groups, pool.date_time_group);
  bind(tables, rows, Scope::kGroup, tables.groups, pool.cm_group);
  rows.list(Collection::kNtps) = tables.ntp_items[pool.date_time_group];
  rows.list(Collection::kMembers) = tables.member_items[pool.cm_group];
  bind_or(tables, rows, Scope::kSrst, campus.srst_references, pool.srst, tables.no_srst,
          tables.no_srst_weight);
}

}  // namespace

std::optional<Scope> owner_of(Scope scope) noexcept {
  switch (scope) {
    case Scope::kEnterprise:
    case Scope::kService:
    case Scope::kLoad:
      return Scope::kEnterprise;
    case Scope::kPool:
    case Scope::kTime:
    case Scope::kNtp:
    case Scope::kGroup:
    case Scope::kMember:
    case Scope::kSrst:
      return Scope::kPool;
    case Scope::kModel:
    case Scope::kCommon:
    case Scope::kSip:
    case Scope::kSecurity:
    case Scope::kUserLocale:
    case Scope::kNetworkLocale:
    case Scope::kPlan:
      return scope;
    case Scope::kDevice:
    case Scope::kLine:
    case Scope::kDial:
    case Scope::kModule:
    case Scope::kTag:  // of the collection in which it stands
    case Scope::kCount:
      break;
  }
  return std::nullopt;
}

std::optional<Scope> owner_of(Collection collection) noexcept {
  switch (collection) {
    case Collection::kEnterpriseConfig:
    case Collection::kServices:
    case Collection::kLoads:
      return Scope::kEnterprise;
    case Collection::kCommonConfig:
      return Scope::kCommon;
    case Collection::kNtps:
    case Collection::kMembers:
      return Scope::kPool;
    case Collection::kVendor:
      return Scope::kTag;
    case Collection::kLines:
    case Collection::kFirstLine:
    case Collection::kSecondLine:
    case Collection::kSpeedDials:
    case Collection::kModules:
    case Collection::kCount:
      break;
  }
  return std::nullopt;
}

std::size_t owner_rows(const CampusTables& tables, Scope owner) noexcept {
  const Campus& campus = tables.rows;
  switch (owner) {
    case Scope::kPool:
      return campus.device_pools.size();
    case Scope::kModel:
    case Scope::kTag:
      return campus.models.size();
    case Scope::kCommon:
      return campus.common_profiles.size();
    case Scope::kSip:
      return campus.sip_profiles.size();
    case Scope::kSecurity:
      return campus.security_profiles.size();
    case Scope::kUserLocale:
      return campus.user_locales.size() + 1;
    case Scope::kNetworkLocale:
      return campus.network_locales.size() + 1;
    case Scope::kPlan:
      return tables.plans.size() + 1;
    default:
      return 1;
  }
}

void bind_owner(const CampusTables& tables, Scope owner, std::uint32_t number,
                RenderRows& rows) noexcept {
  const Campus& campus = tables.rows;
  rows.numbers[index_of(owner)] = number;
  switch (owner) {
    case Scope::kPool:
      bind_pool(tables, rows, number);
      break;
    case Scope::kModel:
      bind(tables, rows, owner, campus.models, number);
      break;
    case Scope::kTag:
      rows.list(Collection::kVendor) = tables.vendor_items[number];
      break;
    case Scope::kCommon:
      bind(tables, rows, owner, campus.common_profiles, number);
      rows.list(Collection::kCommonConfig) = tables.common_items[number];
      break;
    case Scope::kSip:
      bind(tables, rows, owner, campus.sip_profiles, number);
      break;
    case Scope::kSecurity:
      bind(tables, rows, owner, campus.security_profiles, number);
      break;
    case Scope::kUserLocale:
      bind_or(tables, rows, owner, campus.user_locales, number, tables.english,
              tables.english_weight);
      break;
    case Scope::kNetworkLocale:
      bind_or(tables, rows, owner, campus.network_locales, number, tables.english,
              tables.english_weight);
      break;
    case Scope::kPlan:
      bind_or(tables, rows, owner, tables.plans, number, tables.no_plan, 0);
      break;
    default:
      break;
  }
}

void bind_common_rows(const CampusTables& tables, RenderRows& rows) noexcept {
  rows.numbers[index_of(Scope::kEnterprise)] = 0;
  rows.bind(Scope::kEnterprise, tables.rows.enterprise, tables.enterprise_weight);
  rows.list(Collection::kEnterpriseConfig) = tables.enterprise_items;
  rows.list(Collection::kServices) = tables.service_items;
  rows.list(Collection::kLoads) = tables.load_items;
}

}  // namespace dialtone::generator
