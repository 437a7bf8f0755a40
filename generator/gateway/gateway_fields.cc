// SPDX-License-Identifier: Apache-2.0
#include "generator/gateway/gateway_fields.h"

#include "generator/escape.h"
#include "generator/gateway/gateway_names.h"
#include "generator/shared/version_stamp.h"

#include <algorithm>
#include <array>

namespace dialtone::generator {
namespace {

using enum GatewayScope;

#define TEXT_FIELD(scope_name, scope, row, member)                                    \
  GatewayField {                                                                      \
    scope_name "." #member, scope, false,                                             \
        [](const GatewayFrame& frame, std::string& out) { out += frame.row->member; } \
  }
#define NUMBER_FIELD(scope_name, scope, row, member)                                       \
  GatewayField {                                                                           \
    scope_name "." #member, scope, true, [](const GatewayFrame& frame, std::string& out) { \
      out += std::to_string(frame.row->member);                                            \
    }                                                                                      \
  }

constexpr auto kFields = std::to_array<GatewayField>({
    TEXT_FIELD("gateway", kGateway, gateway, name),
    {"gateway.full_name", kGateway, false,
     [](const GatewayFrame& frame, std::string& out) { out += full_name(*frame.gateway); }},
    {"gateway.kind", kGateway, false,
     [](const GatewayFrame& frame, std::string& out) { out += word_of(frame.gateway->kind); }},
    TEXT_FIELD("gateway", kGateway, gateway, product),
    TEXT_FIELD("gateway", kGateway, gateway, domain),
    TEXT_FIELD("gateway", kGateway, gateway, description),
    TEXT_FIELD("gateway", kGateway, gateway, load),
    NUMBER_FIELD("gateway", kGateway, gateway, changed_s),
    {"gateway.version_stamp", kGateway, false,
     [](const GatewayFrame& frame, std::string& out) {
       out += version_stamp(frame.gateway->changed_s, frame.gateway->stamp);
     }},
    NUMBER_FIELD("unit", kUnit, unit, unit),
    TEXT_FIELD("unit", kUnit, unit, product),
    NUMBER_FIELD("subunit", kSubunit, subunit, subunit),
    TEXT_FIELD("subunit", kSubunit, subunit, product),
    NUMBER_FIELD("subunit", kSubunit, subunit, begin_port),
    NUMBER_FIELD("port", kPort, port, port),
    TEXT_FIELD("port", kPort, port, endpoint),
    TEXT_FIELD("port", kPort, port, description),
    TEXT_FIELD("port", kPort, port, dn),
    TEXT_FIELD("setting", kSetting, setting, name),
    TEXT_FIELD("setting", kSetting, setting, value),
});

#undef TEXT_FIELD
#undef NUMBER_FIELD

constexpr auto kRows = std::to_array<GatewayRowsInfo>({
    {"units", GatewayRows::kUnits, kGateway, kUnit, Scope::kCount},
    {"subunits", GatewayRows::kSubunits, kUnit, kSubunit, Scope::kCount},
    {"ports", GatewayRows::kPorts, kSubunit, kPort, Scope::kCount},
    {"gateway.settings", GatewayRows::kGatewaySettings, kGateway, kSetting, Scope::kCount},
    {"port.settings", GatewayRows::kPortSettings, kPort, kSetting, Scope::kCount},
    {"members", GatewayRows::kMembers, kGateway, kPool, Scope::kMember},
    {"ntp_servers", GatewayRows::kNtpServers, kGateway, kPool, Scope::kNtp},
});

// What a device pool brings, and what all files have.
bool is_of_pool(Scope scope) noexcept {
  return scope == Scope::kPool || scope == Scope::kTime || scope == Scope::kNtp ||
         scope == Scope::kGroup || scope == Scope::kMember || scope == Scope::kSrst ||
         scope == Scope::kEnterprise;
}

// A text of the campus is escaped already.
void put_campus(const Field& field, const std::byte* row, std::string& out) {
  const std::byte* at = row + field.offset;
  switch (field.type) {
    case FieldType::kText:
      out += *reinterpret_cast<const std::string*>(at);
      break;
    case FieldType::kView:
      out += escaped(*reinterpret_cast<const std::string_view*>(at));
      break;
    case FieldType::kU16:
      out += std::to_string(*reinterpret_cast<const std::uint16_t*>(at));
      break;
    case FieldType::kU32:
      out += std::to_string(*reinterpret_cast<const std::uint32_t*>(at));
      break;
    case FieldType::kU64:
      out += std::to_string(*reinterpret_cast<const std::uint64_t*>(at));
      break;
    case FieldType::kBool:
      out += *reinterpret_cast<const bool*>(at) ? "true" : "false";
      break;
    case FieldType::kUuid:
      out += uuid_text(*reinterpret_cast<const Uuid*>(at));
      break;
    case FieldType::kItems:
      break;
  }
}

const TagMap& settings_of(const GatewaySlot& slot, const GatewayFrame& frame) noexcept {
  return slot.scope == kPort ? frame.port->settings : frame.gateway->settings;
}

std::optional<GatewaySlot> find_setting(std::string_view name, std::string_view prefix,
                                        GatewayScope scope) {
  if (!name.starts_with(prefix) || !is_tag_name(name.substr(prefix.size()))) {
    return std::nullopt;
  }
  GatewaySlot slot;
  slot.scope = scope;
  slot.setting = name.substr(prefix.size());
  return slot;
}

}  // namespace

std::optional<GatewaySlot> find_gateway_slot(std::string_view name) {
  for (const auto& [prefix, scope] :
       {std::pair("gateway.settings.", kGateway), std::pair("port.settings.", kPort)}) {
    if (auto setting = find_setting(name, prefix, scope)) {
      return setting;
    }
  }
  GatewaySlot slot;
  const auto* own = std::find_if(kFields.begin(), kFields.end(),
                                 [&](const GatewayField& field) { return field.name == name; });
  if (own != kFields.end()) {
    slot.own = own;
    slot.scope = own->scope;
    return slot;
  }
  slot.campus = find_field(name);
  slot.scope = kPool;
  return slot.campus != nullptr && is_of_pool(slot.campus->scope)
             ? std::optional<GatewaySlot>(std::move(slot))
             : std::nullopt;
}

std::vector<std::string_view> gateway_slot_names() {
  std::vector<std::string_view> names;
  for (const GatewayField& field : kFields) {
    names.push_back(field.name);
  }
  for (const std::string_view name : slot_names()) {
    if (is_of_pool(find_field(name)->scope)) {
      names.push_back(name);
    }
  }
  return names;
}

void put_slot(const GatewaySlot& slot, const GatewayFrame& frame, std::string& out) {
  if (slot.campus != nullptr) {
    put_campus(*slot.campus, frame.rows.rows[static_cast<std::size_t>(slot.campus->scope)], out);
    return;
  }
  std::string value;
  if (slot.own != nullptr) {
    slot.own->put(frame, value);
  } else {
    for (const Tag& tag : settings_of(slot, frame)) {
      if (tag.name == slot.setting) {
        value = tag.value;
      }
    }
  }
  out += escaped(value);
}

bool has_value(const GatewaySlot& slot, const GatewayFrame& frame) {
  std::string value;
  put_slot(slot, frame, value);
  const bool is_number = slot.own != nullptr
                             ? slot.own->is_number
                             : slot.campus != nullptr && slot.campus->type >= FieldType::kU16 &&
                                   slot.campus->type <= FieldType::kU64;
  return !value.empty() && value != "false" && !(is_number && value == "0");
}

const GatewayRowsInfo* find_gateway_rows(std::string_view name) noexcept {
  const auto* found = std::find_if(kRows.begin(), kRows.end(),
                                   [&](const GatewayRowsInfo& rows) { return rows.name == name; });
  return found == kRows.end() ? nullptr : found;
}

std::vector<std::string_view> gateway_rows_names() {
  std::vector<std::string_view> names;
  for (const GatewayRowsInfo& rows : kRows) {
    names.push_back(rows.name);
  }
  return names;
}

}  // namespace dialtone::generator
