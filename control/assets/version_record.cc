// SPDX-License-Identifier: Apache-2.0
#include "control/assets/version_record.h"

#include "control/assets/asset_place.h"
#include "control/assets/json_number.h"
#include "dataplane/abi/canonical_name.h"
#include "dataplane/base/json_depth.h"
#include "dataplane/base/printable.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace dialtone::assets {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const AssetVersion& version) {
  return {{"number", version.number}, {"bytes", version.bytes}, {"digest", version.digest},
          {"put_s", version.put_s},   {"note", version.note},   {"set", version.set},
          {"found", version.found},   {"link", version.link}};
}

AssetVersion read_version(const Json& json) {
  using Number = const Json::number_unsigned_t&;  // get_ref() refuses what is negative or broken
  return {number_at(json, "number"), json.at("bytes").get_ref<Number>(),
          json.at("digest"),         json.at("put_s").get_ref<Number>(),
          json.at("note"),           json.at("set"),
          json.at("found"),          json.value("link", false)};  // older records have none
}

Result<void> check(const VersionRecord& record) {
  abi::CanonicalName name;
  if (bad_asset_name(record.name) || !abi::canonicalize(record.name, name) ||
      name.view() != record.name) {
    return refused("'" + printable(record.name) + "' is no name of a file of the asset folder");
  }
  std::uint32_t before = 0;
  for (const AssetVersion& version : record.versions) {
    if (version.number <= before || version.number > record.last) {
      return refused("its versions are not numbered from 1 to " + std::to_string(record.last) +
                     " in order");
    }
    before = version.number;
  }
  if (record.current != 0 && record.find(record.current) == nullptr) {
    return refused("its current version is none of them");
  }
  return {};
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
    VersionRecord record{json.at("name"), number_at(json, "last"), number_at(json, "current"), {}};
    for (const Json& version : json.at("versions")) {
      record.versions.push_back(read_version(version));
    }
    DIALTONE_TRY(check(record));
    return record;
  } catch (const Json::exception& error) {
    return refused(printable(error.what()));
  }
}

}  // namespace dialtone::assets
