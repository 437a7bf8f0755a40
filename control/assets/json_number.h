// SPDX-License-Identifier: Apache-2.0
//
// Numbers of a JSON text from elsewhere: the library would cut what does not fit. Pure.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <limits>

namespace dialtone::assets {

// One that is negative, broken or larger throws what get_ref() throws of another type.
template <typename Json>
std::uint32_t number_at(const Json& json, const char* key) {
  const auto number = json.at(key).template get_ref<const typename Json::number_unsigned_t&>();
  if (number > std::numeric_limits<std::uint32_t>::max()) {
    throw nlohmann::detail::out_of_range::create(401, std::string(key) + " is too large", &json);
  }
  return static_cast<std::uint32_t>(number);
}

}  // namespace dialtone::assets
