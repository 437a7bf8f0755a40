// SPDX-License-Identifier: Apache-2.0
//
// loads ls and check.
#include "control/daemon/commands.h"
#include "control/daemon/load_faults.h"
#include "dataplane/base/counted.h"
#include "dataplane/base/printable.h"

#include <map>

namespace dialtone::daemon {
namespace {

// "sip88xx.14-1-1" and "SIP88xx.14-1-1.loads" are one.
std::string canonical_load(const std::string& spelled) {
  abi::CanonicalName name;
  if (!abi::canonicalize(spelled, name)) {
    return {};
  }
  std::string load(name.view());
  return assets::is_load_name(load) ? load : load + ".loads";
}

api::Json parts_json(const image_build::FileTable& files, const std::string& load,
                     const assets::LoadState& state) {
  api::Json parts = api::Json::array();
  for (const assets::LoadPart& part : state.parts) {
    api::Json json = {{"name", part.name}, {"length", nullptr}, {"listed_length", nullptr}};
    for (const std::string& name : assets::names_of_part(load, part)) {
      const image_build::FileEntry* file = files.find(name);
      if (file != nullptr && json["length"].is_null()) {
        json["length"] = file->record().length;
      }
    }
    if (part.bytes) {
      json["listed_length"] = *part.bytes;
    }
    parts.push_back(std::move(json));
  }
  return parts;
}

Result<std::map<std::string, std::uint64_t>> devices_of_loads(Service& service) {
  std::map<std::string, std::uint64_t> devices;
  if (service.database() == nullptr) {
    return devices;
  }
  const auto uses = database::loads_in_use(*service.database());
  if (!uses) {
    return uses.error();
  }
  for (const database::LoadUse& use : *uses) {
    devices[canonical_load(use.load)] += use.devices;
  }
  return devices;
}

Result<Answer> list(Service& service, const Request& request) {
  DIALTONE_TRY(request.arguments.only({}));
  const auto devices = devices_of_loads(service);
  if (!devices) {
    return devices.error();
  }
  Answer answer;
  answer.result["loads"] = api::Json::array();
  const image_build::FileTable& files = service.builder().image().files();
  for (const auto& [name, state] : service.builder().loads()) {
    const auto used = devices->find(name);
    answer.result["loads"].push_back({{"name", name},
                                      {"complete", state.missing.empty() && !state.parts.empty()},
                                      {"readable", !state.parts.empty()},
                                      {"served", state.served},
                                      {"devices", used == devices->end() ? 0 : used->second},
                                      {"parts", parts_json(files, name, state)},
                                      {"missing", state.missing}});
  }
  return answer;
}

// Of the lists themselves.
Diagnostics list_faults(const assets::LoadStates& loads, const std::string& only) {
  Diagnostics faults;
  for (const auto& [name, state] : loads) {
    if (!only.empty() && name != only) {
      continue;
    }
    for (const std::string& missing : state.missing) {
      faults.push_back({state.path, 0, 0, "incomplete-load", missing});
    }
    if (state.parts.empty()) {
      faults.push_back({state.path, 0, 0, "unreadable-load",
                        "no list of files is in it; was it cut on its way?"});
    }
  }
  return faults;
}

Result<Answer> check(Service& service, const Request& request, Diagnostics& faults) {
  DIALTONE_TRY(request.arguments.only({"name"}));
  const auto name = request.arguments.name_or("name", "");
  if (!name) {
    return name.error();
  }
  const assets::LoadStates& loads = service.builder().loads();
  const std::string only = name->empty() ? std::string() : canonical_load(*name);
  if (!name->empty() && !loads.contains(only)) {
    std::vector<std::string_view> known;
    for (const auto& [each, state] : loads) {
      known.push_back(each);
    }
    const std::string near = nearest_word(only, known);
    return refused(
        "no load '" + excerpt(*name) + "' is in the asset folder" +
        (near.empty() ? "; dialtone loads ls lists them" : "; did you mean '" + near + "'?"));
  }
  faults = list_faults(loads, only);
  if (only.empty()) {
    auto of_devices = load_faults(service);
    if (!of_devices) {
      return of_devices.error();
    }
    faults.insert(faults.end(), of_devices->begin(), of_devices->end());
  }
  if (!faults.empty()) {
    return refused("loads have " + counted(faults.size(), "fault") +
                   "; phones keep the load that they have");
  }
  Answer answer;
  answer.result["loads"] = only.empty() ? loads.size() : 1;
  return answer;
}

}  // namespace

Outcome list_loads(Service& service, const Request& request) {
  return to_outcome(list(service, request));
}

Outcome check_loads(Service& service, const Request& request) {
  Diagnostics faults;
  auto answer = check(service, request, faults);
  return to_outcome(std::move(answer), std::move(faults));
}

}  // namespace dialtone::daemon
