// SPDX-License-Identifier: Apache-2.0
#include "generator/fields.h"

#include "generator/escape.h"

#include <algorithm>
#include <array>
#include <string>

namespace dialtone::generator {
namespace {

constexpr std::array<std::string_view, kScopeCount> kScopeNames = {
    "device",   "line",        "dial",           "module",  "tag",        "model",  "pool",
    "time",     "ntp",         "group",          "member",  "srst",       "common", "sip",
    "security", "user_locale", "network_locale", "service", "enterprise", "load",   "plan"};

constexpr std::array<CollectionInfo, kCollectionCount> kCollections = {{
    {"lines", Scope::kLine},
    {"first_line", Scope::kLine},
    {"second_line", Scope::kLine},
    {"speed_dials", Scope::kDial},
    {"modules", Scope::kModule},
    {"vendor_config", Scope::kTag},
    {"common_config", Scope::kTag},
    {"enterprise_config", Scope::kTag},
    {"ntp_servers", Scope::kNtp},
    {"members", Scope::kMember},
    {"services", Scope::kService},
    {"loads", Scope::kLoad},
}};

}  // namespace

const CollectionInfo& collection_info(Collection collection) noexcept {
  return kCollections[static_cast<std::size_t>(collection)];
}

const Field* find_field(Scope scope, std::string_view name) noexcept {
  for (const Field& field : fields_of(scope)) {
    if (field.name == name) {
      return &field;
    }
  }
  return nullptr;
}

const Field* find_field(std::string_view scope_dot_field) noexcept {
  const std::size_t dot = scope_dot_field.find('.');
  if (dot == std::string_view::npos) {
    return nullptr;
  }
  const auto* scope =
      std::find(kScopeNames.begin(), kScopeNames.end(), scope_dot_field.substr(0, dot));
  if (scope == kScopeNames.end()) {
    return nullptr;
  }
  return find_field(static_cast<Scope>(scope - kScopeNames.begin()),
                    scope_dot_field.substr(dot + 1));
}

Collection find_collection(std::string_view name) noexcept {
  const auto* found = std::find_if(kCollections.begin(), kCollections.end(),
                                   [&](const CollectionInfo& info) { return info.name == name; });
  return static_cast<Collection>(found - kCollections.begin());
}

const std::vector<std::string_view>& slot_names() {
  static const std::vector<std::string> texts = [] {
    std::vector<std::string> all;
    for (std::size_t scope = 0; scope < kScopeCount; ++scope) {
      for (const Field& field : fields_of(static_cast<Scope>(scope))) {
        all.push_back(std::string(kScopeNames[scope]) + "." + std::string(field.name));
      }
    }
    return all;
  }();
  static const std::vector<std::string_view> names(texts.begin(), texts.end());
  return names;
}

const std::vector<std::string_view>& collection_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const CollectionInfo& info : kCollections) {
      all.push_back(info.name);
    }
    return all;
  }();
  return names;
}

std::size_t row_weight(Scope scope, const void* row) noexcept {
  std::size_t weight = 0;
  const auto* bytes = static_cast<const std::byte*>(row);
  for (const Field& field : fields_of(scope)) {
    if (field.type == FieldType::kText) {
      weight += reinterpret_cast<const std::string*>(bytes + field.offset)->size();
    } else if (field.type == FieldType::kView) {
      weight +=
          kMaxExpansion * reinterpret_cast<const std::string_view*>(bytes + field.offset)->size();
    }
  }
  return weight;
}

}  // namespace dialtone::generator
