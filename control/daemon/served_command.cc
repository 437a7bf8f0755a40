// SPDX-License-Identifier: Apache-2.0
//
// `served`: do clients get the newest files of a device, and what did they get last.
#include "control/build/device_formats.h"
#include "control/daemon/commands.h"
#include "control/daemon/event_json.h"
#include "control/database/device_store.h"
#include "dataplane/abi/canonical_name.h"

namespace dialtone::daemon {
namespace {

struct DeviceFileNames {
  std::string spelled;
  std::string canonical;
};

Result<std::vector<DeviceFileNames>> files_of(Service& service, database::Database& database,
                                              const std::string& device) {
  const auto states = build::file_states(database, service.builder().image().files(),
                                         service.builder().build_cnf(), device);
  if (!states) {
    return states.error();
  }
  std::vector<DeviceFileNames> names;
  for (const build::FileState& state : *states) {
    abi::CanonicalName name;
    if (abi::canonicalize(state.name, name)) {
      names.push_back({state.name, std::string(name.view())});
    }
  }
  return names;
}

// What was asked for last, and whether it was the newest; null: nobody knows.
api::Json fetched_json(const FoundEvent& found, const MappedEvents& shared,
                       const ChangeTrace& trace) {
  api::Json json = event_json(found, shared);
  const auto last = trace.last_change_of(found.event.name_hash);
  json["is_newest"] = !last || (found.event.generation < last->generation && !last->is_sure)
                          ? api::Json()
                          : api::Json(found.event.generation >= last->generation);
  return json;
}

void add_fetched(api::Json& files, const std::vector<DeviceFileNames>& names, Service& service) {
  const ChangeTrace& trace = service.trace();
  const auto shared = MappedEvents::open(service.publisher());
  if (!shared) {
    return;
  }
  std::vector<std::uint64_t> hashes;
  for (const DeviceFileNames& name : names) {
    hashes.push_back(abi::event_name_hash(name.canonical));
  }
  const auto newest = newest_requests(shared->events(), shared->counters().size(), hashes);
  for (std::size_t i = 0; i < newest.size(); ++i) {
    if (newest[i]) {
      files[i]["fetched"] = fetched_json(*newest[i], *shared, trace);
    }
  }
}

Result<Answer> answer_served(Service& service, const Arguments& arguments) {
  DIALTONE_TRY(arguments.only({"device"}));
  const auto name = arguments.text("device");
  if (!name) {
    return name.error();
  }
  auto database = need_database(service);
  if (!database) {
    return database.error();
  }
  database::DeviceStore store(**database);
  const auto device = store.find(*name);
  if (!device) {
    return device.error();
  }
  if (!*device) {
    return store.no_such_device(*name);
  }
  const auto names = files_of(service, **database, (*device)->name);
  if (!names) {
    return names.error();
  }
  const auto served = publish::ServedImage::open(service.publisher());
  if (!served) {
    return served.error();
  }
  Answer answer;
  bool is_stale = false;
  api::Json files = api::Json::array();
  for (const DeviceFileNames& file : *names) {
    const std::string why = why_stale(service, file.canonical, *served);
    const auto now = served->view().find(file.canonical);
    api::Json json;
    json["name"] = file.spelled;
    json["served"] = now && served->generation() != 0;
    json["stale"] = !why.empty();
    if (!why.empty()) {
      json["why"] = why;
    }
    json["length"] = now ? api::Json(now->record->length) : api::Json();
    json["digest"] = now ? api::Json(to_hex(now->record->digest)) : api::Json();
    json["fetched"] = nullptr;
    is_stale = is_stale || !why.empty();
    files.push_back(std::move(json));
  }
  add_fetched(files, *names, service);
  for (api::Json& file : files) {
    // What is served is not the newest, and the phone has got just that.
    if (file["stale"] == true && file["fetched"].is_object() &&
        file["fetched"]["is_newest"] == true &&
        file["fetched"]["generation"] >= served->generation()) {
      file["fetched"]["is_newest"] = false;
    }
  }
  answer.result["device"] = (*device)->name;
  answer.result["stale"] = is_stale;
  answer.result["generation"] =
      served->generation() == 0 ? api::Json() : api::Json(served->generation());
  answer.result["files"] = std::move(files);
  return answer;
}

}  // namespace

std::string why_stale(const Service& service, const std::string& file,
                      const publish::ServedImage& served) {
  const build::Builder& builder = service.builder();
  if (std::string error = service.database_error(); !error.empty()) {
    return error;
  }
  if (std::string fault = builder.fault_of(file); !fault.empty()) {
    return fault;
  }
  const image_build::FileEntry* newest = builder.image().files().find(file);
  const auto now = served.view().find(file);
  const bool is_same = newest == nullptr ? !now
                                         : now && now->record->digest == newest->record().digest &&
                                               now->record->length == newest->record().length;
  if (is_same && served.generation() != 0) {
    return {};
  }
  std::string why = service.not_served();
  return why.empty() ? "no dataplane serves it" : why;
}

Outcome served(Service& service, const Request& request) {
  return to_outcome(answer_served(service, request.arguments));
}

}  // namespace dialtone::daemon
