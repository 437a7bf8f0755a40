// SPDX-License-Identifier: Apache-2.0
//
// Fields of a reply, whatever is in it: an absent one, or one of a wrong type, reads as empty. A
// daemon of another version must not end this program. Texts come out printable. Pure functions.
#pragma once

#include "control/api/message.h"
#include "control/cli/text.h"

#include <cstdint>
#include <optional>
#include <string>

namespace dialtone::cli {

// Any value as one line; null and absent: empty.
inline std::string line_of(const api::Json& value) {
  if (value.is_null()) {
    return {};
  }
  return printable(value.is_string()
                       ? value.get_ref<const std::string&>()
                       : value.dump(-1, ' ', false, api::Json::error_handler_t::replace));
}

inline const api::Json& at(const api::Json& object, const char* key) {
  static const api::Json kNull;
  if (!object.is_object()) {
    return kNull;
  }
  const auto found = object.find(key);
  return found != object.end() ? *found : kNull;
}

inline std::string text_at(const api::Json& object, const char* key) {
  return line_of(at(object, key));
}

inline std::optional<std::uint64_t> number_at(const api::Json& object, const char* key) {
  const api::Json& value = at(object, key);
  // A document that was put together here, not parsed, has signed numbers too.
  const bool number =
      value.is_number_unsigned() || (value.is_number_integer() && value.get<std::int64_t>() >= 0);
  return number ? std::optional(value.get<std::uint64_t>()) : std::nullopt;
}

inline std::uint64_t count_at(const api::Json& object, const char* key) {
  return number_at(object, key).value_or(0);
}

inline bool flag_at(const api::Json& object, const char* key) {
  const api::Json& value = at(object, key);
  return value.is_boolean() && value.get<bool>();
}

// The items of a list; of anything else none.
inline const api::Json& list_at(const api::Json& object, const char* key) {
  static const api::Json kNone = api::Json::array();
  const api::Json& value = at(object, key);
  return value.is_array() ? value : kNone;
}

}  // namespace dialtone::cli
