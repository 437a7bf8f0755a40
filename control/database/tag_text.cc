// SPDX-License-Identifier: Apache-2.0
#include "control/database/tag_text.h"

#include <nlohmann/json.hpp>

namespace dialtone::database {

using Json = nlohmann::ordered_json;

Result<generator::TagMap> parse_tags(std::string_view json) {
  const Json document = Json::parse(json, nullptr, false);
  if (!document.is_object()) {
    return refused("it is no JSON object of names and texts");
  }
  generator::TagMap tags;
  for (const auto& [name, value] : document.items()) {
    if (!value.is_string() && !value.is_number() && !value.is_boolean()) {
      return refused("it gives \"" + name + "\" something that is no text");
    }
    tags.push_back({name, value.is_string() ? value.get<std::string>() : value.dump()});
  }
  return tags;
}

std::string tags_json(const generator::TagMap& tags) {
  Json document = Json::object();
  for (const generator::Tag& tag : tags) {
    document[tag.name] = tag.value;
  }
  return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace dialtone::database
