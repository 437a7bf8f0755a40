// SPDX-License-Identifier: Apache-2.0
#include "control/database/tag_text.h"

#include <nlohmann/json.hpp>

namespace dialtone::database {

using Json = nlohmann::ordered_json;

namespace {

// Before it is parsed: the library looks for each name among those before it.
bool has_too_many(std::string_view json) noexcept {
  std::size_t commas = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (in_string) {
      i += json[i] == '\\' ? 1 : 0;
      in_string = json[i] != '"';
    } else {
      in_string = json[i] == '"';
      commas += json[i] == ',' ? 1 : 0;
    }
  }
  return commas >= kMaxTags;
}

}  // namespace

Error too_many_tags() {
  return refused("it has more than " + std::to_string(kMaxTags) + " names; no phone reads so many");
}

Result<generator::TagMap> parse_tags(std::string_view json) {
  if (has_too_many(json)) {
    return too_many_tags();
  }
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
