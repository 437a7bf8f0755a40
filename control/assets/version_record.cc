// SPDX-License-Identifier: Apache-2.0
#include "control/assets/version_record.h"

#include "dataplane/base/json_depth.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace dialtone::assets {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const AssetVersion& version) {
  return {{"number", version.number}, {"bytes", version.bytes}, {"digest", version.digest},
          {"put_s", version.put_s},   {"note", version.note},   {"set", version.set},
          {"found", version.found}};
}

AssetVersion read_version(const Json& json) {
  return {json.at("number"), json.at("bytes"), json.at("digest"), json.at("put_s"),
          json.at("note"),   json.at("set"),   json.at("found")};
}

}  // namespace

const AssetVersion* VersionRecord::find(std::uint32_t number) const noexcept {
  const auto found = std::find_if(versions.begin(), versions.end(),
                                  [&](const AssetVersion& each) { return each.number == number; });
  return found == versions.end() ? nullptr : &*found;
}

std::string to_text(const VersionRecord& record) {
  Json json = {{"name", record.name},
               {"last", record.last},
               {"current", record.current},
               {"versions", Json::array()}};
  for (const AssetVersion& version : record.versions) {
    json["versions"].push_back(to_json(version));
  }
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

Result<VersionRecord> read_record(std::string_view text) {
  if (find_deep_json(text)) {
    return refused("it is nested too deeply");
  }
  try {
    const Json json = Json::parse(text);
    VersionRecord record{json.at("name"), json.at("last"), json.at("current"), {}};
    for (const Json& version : json.at("versions")) {
      record.versions.push_back(read_version(version));
    }
    return record;
  } catch (const Json::exception& error) {
    return refused(error.what());
  }
}

}  // namespace dialtone::assets
