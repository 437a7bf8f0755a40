// SPDX-License-Identifier: Apache-2.0
//
// `explain`: what a client gets that asks for a name, from where, and why; and the way that servers
// of the profile's release would have looked for it.
#include "control/build/device_formats.h"
#include "control/daemon/commands.h"
#include "control/daemon/event_json.h"
#include "control/daemon/explanation.h"
#include "control/daemon/search_steps.h"
#include "control/database/remote_clusters.h"
#include "control/database/text_rules.h"
#include "control/signing/signed_file.h"

#include <algorithm>

namespace dialtone::daemon {
namespace {

constexpr std::size_t kMostEvents = 10'000;  // looked at for the last request

api::Json error_json(const std::optional<abi::NameError>& error) {
  return error ? api::Json{{"code", error->code}, {"text", error->text}} : api::Json();
}

void put_steps(Service& service, const Look& look, Answer& answer) {
  std::vector<database::RemoteCluster> clusters;
  if (service.database() != nullptr) {
    auto read = database::remote_clusters(*service.database());
    if (read) {
      clusters = *std::move(read);
    } else {
      answer.warnings.push_back("other clusters are not listed: " + read.error().text);
    }
  }
  api::Json& json = answer.result;
  json["profile"] = look.asked.profile->name;
  json["steps"] = api::Json::array();
  json["found"] = api::Json::array();
  json["places"] = api::Json::array();
  for (const SearchStep& step : search_steps(look.asked.profile->search, clusters, look.source)) {
    json["steps"].push_back(step.name);
    json["found"].push_back(step.found);
    json["places"].push_back(step.place);
  }
  json["last"] = json["steps"].back();
  json["disabled"] = api::Json::array();
  for (const database::RemoteCluster& cluster : clusters) {
    if (!cluster.is_enabled) {
      json["disabled"].push_back(cluster.name);
    }
  }
}

void put_file(Service& service, const Look& look, Answer& answer) {
  api::Json& json = answer.result;
  if (!look.source) {
    for (const char* key : {"origin", "length", "digest", "signed", "signer"}) {
      json[key] = nullptr;
    }
    return;
  }
  const abi::FileRef& file = *look.verdict.file;
  json["origin"] = origin_word(look);
  json["length"] = file.record->length;
  json["digest"] = to_hex(file.record->digest);
  json["signed"] = signing::begins_as_signed(file.bytes());
  const auto header = signing::read_signed_file(file.bytes());
  json["signer"] = header ? api::Json(header->header.signer.subject) : api::Json();
  if (look.file.is_signed_form() && !header) {
    answer.warnings.push_back("a phone takes no such signed file: " + header.error().text);
  }
}

Result<api::Json> device_json(Service& service, const Look& look) {
  if (look.asked.device.empty()) {
    return api::Json();
  }
  api::Json json{{"name", look.asked.device}, {"known", look.device.has_value()}};
  if (!look.device) {
    return json;
  }
  json["model"] = look.device->model;
  json["protocol"] = look.device->protocol;
  json["files"] = api::Json::array();
  const auto states = build::file_states(*service.database(), service.builder().image().files(),
                                         service.builder().build_cnf(), look.device->name);
  if (!states) {
    return states.error();
  }
  for (const build::FileState& state : *states) {
    json["files"].push_back({{"name", state.name}, {"state", state.state}});
  }
  return json;
}

// What a phone asks for in the place of a file that it does not get.
api::Json next_json(const Service& service, const Look& look) {
  const std::string next = look.source ? std::string() : asked_next(look.file);
  if (next.empty()) {
    return {};
  }
  const abi::NameVerdict verdict = judge_next(service, look, next);
  const bool is_there = verdict.answer == abi::NameAnswer::kData;
  return {{"name", next},
          {"answer", !why_silent(service).empty() ? "silence"
                     : is_there                   ? "data"
                                                  : "not-found"},
          {"length", verdict.file ? api::Json(verdict.file->record->length) : api::Json()}};
}

// The newest request for the name, by the device that was named where the file is not its own;
// null: none is remembered.
api::Json last_request_json(const Service& service, const Look& look) {
  const auto shared = MappedEvents::open(service.publisher());
  if (!shared || look.file.name.empty()) {
    return {};
  }
  const std::uint64_t hash = abi::event_name_hash(look.file.name);
  const std::size_t outcomes = shared->counters().size();
  if (look.asked.device == look.file.device) {
    const auto newest = newest_requests(shared->events(), outcomes, {&hash, 1});
    return newest.front() ? event_json(*newest.front(), *shared) : api::Json();
  }
  const FoundEvents found =
      find_events(shared->events(), outcomes,
                  {.limit = kMostEvents, .device = database::lower_case(look.asked.device)});
  const auto last = std::find_if(found.events.rbegin(), found.events.rend(), [&](const auto& each) {
    return each.event.kind == abi::EventKind::kRequest && each.event.name_hash == hash;
  });
  return last == found.events.rend() ? api::Json() : event_json(*last, *shared);
}

// Why clients do not get what the database and the folder say; empty: they do.
std::string why_not_newest(const Service& service, const Look& look) {
  if (service.publisher().hello() == nullptr) {
    return {};  // the answer says it
  }
  if (look.source) {
    return why_stale(service, look.file.name, look.served);
  }
  return look.served.generation() == 0 ? service.not_served() : std::string();
}

Result<Answer> answer_explain(Service& service, const Arguments& arguments) {
  Answer answer;
  const auto look = look_at_name(service, arguments, answer.warnings);
  if (!look) {
    return look.error();
  }
  const Told told = tell(service, *look);
  api::Json& json = answer.result;
  json["asked"] = look->asked.name;
  json["name"] = look->file.name;
  json["class"] = abi::class_word(look->verdict.name_class);
  json["answer"] = told.answer;
  json["why"] = told.why;
  json["error"] = error_json(told.error);
  json["generation"] =
      look->served.generation() == 0 ? api::Json() : api::Json(look->served.generation());
  put_file(service, *look, answer);
  put_steps(service, *look, answer);
  auto device = device_json(service, *look);
  if (!device) {
    return device.error();
  }
  json["device"] = *std::move(device);
  json["next"] = next_json(service, *look);
  json["last_request"] = last_request_json(service, *look);
  if (const std::string why = why_not_newest(service, *look); !why.empty()) {
    answer.warnings.push_back("clients do not get the newest: " + why);
  }
  return answer;
}

}  // namespace

Outcome explain(Service& service, const Request& request) {
  return to_outcome(answer_explain(service, request.arguments));
}

}  // namespace dialtone::daemon
