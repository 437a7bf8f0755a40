// SPDX-License-Identifier: Apache-2.0
//
// What a template may name: scopes (rows), their fields, and collections (repeated rows). A slot is
// compiled to the position of the field in its row, so rendering is a load and a copy.
//
// To add a field: add the member to its row in campus.h or records.h, and one line to the table in
// field_table.cc. Templates can then write {{scope.field}}, and set_field() can set it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace dialtone::generator {

enum class Scope : std::uint8_t {
  kDevice,
  kLine,
  kDial,
  kModule,
  kTag,
  kModel,
  kPool,
  kTime,
  kNtp,
  kGroup,
  kMember,
  kSrst,
  kCommon,
  kSip,
  kSecurity,
  kUserLocale,
  kNetworkLocale,
  kService,
  kEnterprise,
  kLoad,
  kPlan,
  kCount,
};
inline constexpr std::size_t kScopeCount = static_cast<std::size_t>(Scope::kCount);

// How texts stand in a file: escaped for XML (escape.h), or fit for one line (text_line.h).
enum class Syntax : std::uint8_t { kXml, kLines };

enum class FieldType : std::uint8_t {
  kText,  // std::string of a shared row, made fit when the campus is prepared
  kView,  // std::string_view, made fit when it is rendered
  kU16,
  kU32,
  kU64,
  kBool,   // true | false
  kUuid,   // lower case, without braces
  kItems,  // a collection, in <?if ...?> only
};

struct Field {
  std::string_view name;
  Scope scope;
  FieldType type;
  std::uint16_t offset;  // in the row
};

// Repeated rows. `item` is the scope that an <?each?> gives to its body.
enum class Collection : std::uint8_t {
  kLines,
  kFirstLine,  // the first of them, if there is one
  kSecondLine,
  kSpeedDials,
  kModules,
  kVendor,
  kCommonConfig,
  kEnterpriseConfig,
  kNtps,
  kMembers,
  kServices,
  kLoads,
  kCount,
};
inline constexpr std::size_t kCollectionCount = static_cast<std::size_t>(Collection::kCount);

struct CollectionInfo {
  std::string_view name;
  Scope item;
};

const CollectionInfo& collection_info(Collection collection) noexcept;

// Null, or Collection::kCount, if there is none of that name.
const Field* find_field(std::string_view scope_dot_field) noexcept;
const Field* find_field(Scope scope, std::string_view name) noexcept;
Collection find_collection(std::string_view name) noexcept;

// For "did you mean": "scope.field" of all fields, and the names of all collections.
const std::vector<std::string_view>& slot_names();
const std::vector<std::string_view>& collection_names();

std::span<const Field> fields_of(Scope scope) noexcept;

// The most bytes that all texts of a row can take when each is written once: the unit of the size
// bound. Escaped texts count as they are, others kMaxExpansion times.
std::size_t row_weight(Scope scope, const void* row) noexcept;

inline constexpr std::size_t kMaxNumber = 20;  // digits of a uint64_t
inline constexpr std::size_t kUuidText = 36;

}  // namespace dialtone::generator
