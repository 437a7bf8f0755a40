// SPDX-License-Identifier: Apache-2.0
//
// The text of a change. Whoever may write to the asset folder may have written it, so nothing in it
// is trusted: what it does to the disk stays among files that can be put there and the store's own.
#include "control/assets/asset_change.h"
#include "control/assets/asset_place.h"
#include "control/assets/json_number.h"
#include "dataplane/abi/canonical_name.h"
#include "dataplane/base/json_depth.h"
#include "dataplane/base/printable.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace dialtone::assets {
namespace {

using Json = nlohmann::ordered_json;

// As stage() calls them.
bool is_staged_name(std::string_view path) {
  const std::string_view folder = kStaging;
  if (!path.starts_with(folder) || path.size() < folder.size() + 2 || path[folder.size()] != '/') {
    return false;
  }
  const std::string_view number = path.substr(folder.size() + 1);
  return number.size() <= 9 &&
         std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Result<void> check(const FileChange& change) {
  const std::string quoted = '\'' + printable(change.path) + '\'';
  abi::CanonicalName name;
  if (!is_inner_path(change.path) || bad_asset_name(change.path) ||
      !abi::canonicalize(change.path, name)) {
    return refused(quoted + " is no path of a file of the asset folder");
  }
  if (name.view() != change.after.name || (change.before && name.view() != change.before->name)) {
    return refused("it has versions of another name for " + quoted);
  }
  if (!change.staged.empty() && !is_staged_name(change.staged)) {
    return refused("'" + printable(change.staged) + "', which would become " + quoted +
                   ", is no staged file");
  }
  if (change.saved > change.after.last) {
    return refused("it has a version of " + quoted + " that was never given");
  }
  return {};
}

Result<FileChange> read_change(const Json& json) {
  auto after = read_record(json.at("after").get_ref<const std::string&>());
  if (!after) {
    return after.error();
  }
  FileChange change{json.at("path"), json.at("staged"), number_at(json, "saved"), {}, *after};
  if (!json.at("before").is_null()) {
    auto before = read_record(json.at("before").get_ref<const std::string&>());
    if (!before) {
      return before.error();
    }
    change.before = *std::move(before);
  }
  DIALTONE_TRY(check(change));
  return change;
}

}  // namespace

std::string to_text(const std::vector<FileChange>& changes) {
  Json json = Json::array();
  for (const FileChange& change : changes) {
    json.push_back({{"path", change.path},
                    {"staged", change.staged},
                    {"saved", change.saved},
                    {"before", change.before ? Json(to_text(*change.before)) : Json()},
                    {"after", to_text(change.after)}});
  }
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

Result<std::vector<FileChange>> read_changes(std::string_view text) {
  if (find_deep_json(text)) {
    return refused("it is nested too deeply");
  }
  try {
    const Json json = Json::parse(text);
    if (!json.is_array()) {
      return refused("it is no list");
    }
    std::vector<FileChange> changes;
    std::set<std::string> seen;
    for (const Json& each : json) {
      auto change = read_change(each);
      if (!change) {
        return change.error();
      }
      if (!seen.insert(change->after.name).second) {
        return refused("'" + change->after.name + "' is there twice");
      }
      changes.push_back(*std::move(change));
    }
    return changes;
  } catch (const Json::exception& error) {
    return refused(printable(error.what()));
  }
}

}  // namespace dialtone::assets
