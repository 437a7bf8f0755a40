// SPDX-License-Identifier: Apache-2.0
#include "generator/settings.h"

#include "dataplane/base/diagnostic.h"
#include "dataplane/base/printable.h"
#include "generator/fields.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <string>

namespace dialtone::generator {
namespace {

Error bad_value(std::string_view name, std::string_view value, const std::string& wanted) {
  return refused("\"" + std::string(name) + "\" wants " + wanted + ", not \"" + excerpt(value) +
                 "\"");
}

template <typename T>
Result<void> set_number(void* field, std::string_view name, std::string_view value) {
  T number = 0;
  const auto parsed = std::from_chars(value.data(), value.data() + value.size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != value.data() + value.size()) {
    return bad_value(name, value,
                     "a number from 0 to " + std::to_string(std::numeric_limits<T>::max()));
  }
  *static_cast<T*>(field) = number;
  return {};
}

Result<void> set_in_scope(Scope scope, void* row, std::string_view name, std::string_view value) {
  const Field* field = find_field(scope, name);
  if (field == nullptr) {
    std::vector<std::string_view> known;
    for (const Field& each : fields_of(scope)) {
      known.push_back(each.name);
    }
    const std::string near = nearest_word(name, known);
    return refused("\"" + std::string(name) + "\" is no setting" +
                   (near.empty() ? std::string() : "; did you mean \"" + near + "\"?"));
  }
  void* at = static_cast<std::byte*>(row) + field->offset;
  switch (field->type) {
    case FieldType::kText:
      *static_cast<std::string*>(at) = value;
      return {};
    case FieldType::kU16:
      return set_number<std::uint16_t>(at, name, value);
    case FieldType::kU32:
      return set_number<std::uint32_t>(at, name, value);
    case FieldType::kU64:
      return set_number<std::uint64_t>(at, name, value);
    case FieldType::kBool:
      if (value != "true" && value != "false") {
        return bad_value(name, value, "true or false");
      }
      *static_cast<bool*>(at) = value == "true";
      return {};
    case FieldType::kView:
    case FieldType::kUuid:
    case FieldType::kItems:
      break;
  }
  return refused("\"" + std::string(name) + "\" cannot be set by a text");
}

template <typename T>
Setting number_setting(std::string_view name, const void* field) {
  return {name, "0 to " + std::to_string(std::numeric_limits<T>::max()),
          std::to_string(*static_cast<const T*>(field))};
}

std::vector<Setting> in_scope(Scope scope, const void* row) {
  // PreparedCampus fills them in.
  constexpr std::string_view kComputed[] = {"blocks_anonymous", "blocks_caller_id"};
  std::vector<Setting> all;
  for (const Field& field : fields_of(scope)) {
    const void* at = static_cast<const std::byte*>(row) + field.offset;
    if (field.name == "name" || std::ranges::find(kComputed, field.name) != std::end(kComputed)) {
      continue;
    }
    switch (field.type) {
      case FieldType::kText:
        all.push_back({field.name, "a text", *static_cast<const std::string*>(at)});
        break;
      case FieldType::kU16:
        all.push_back(number_setting<std::uint16_t>(field.name, at));
        break;
      case FieldType::kU32:
        all.push_back(number_setting<std::uint32_t>(field.name, at));
        break;
      case FieldType::kU64:
        all.push_back(number_setting<std::uint64_t>(field.name, at));
        break;
      case FieldType::kBool:
        all.push_back(
            {field.name, "true or false", *static_cast<const bool*>(at) ? "true" : "false"});
        break;
      case FieldType::kView:
      case FieldType::kUuid:
      case FieldType::kItems:
        break;
    }
  }
  return all;
}

}  // namespace

Result<void> set_field(EnterpriseParameters& row, std::string_view name, std::string_view value) {
  return set_in_scope(Scope::kEnterprise, &row, name, value);
}

Result<void> set_field(SipProfile& row, std::string_view name, std::string_view value) {
  return set_in_scope(Scope::kSip, &row, name, value);
}

Result<void> set_field(CommonPhoneProfile& row, std::string_view name, std::string_view value) {
  return set_in_scope(Scope::kCommon, &row, name, value);
}

Result<void> set_field(SecurityProfile& row, std::string_view name, std::string_view value) {
  return set_in_scope(Scope::kSecurity, &row, name, value);
}

std::vector<Setting> settings_of(const EnterpriseParameters& row) {
  return in_scope(Scope::kEnterprise, &row);
}

std::vector<Setting> settings_of(const SipProfile& row) {
  return in_scope(Scope::kSip, &row);
}

std::vector<Setting> settings_of(const CommonPhoneProfile& row) {
  return in_scope(Scope::kCommon, &row);
}

std::vector<Setting> settings_of(const SecurityProfile& row) {
  return in_scope(Scope::kSecurity, &row);
}

}  // namespace dialtone::generator
