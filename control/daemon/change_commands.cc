// SPDX-License-Identifier: Apache-2.0
//
// `change trace` and `change ls`: what became of the changes that are remembered.
#include "control/daemon/commands.h"
#include "control/daemon/event_json.h"
#include "dataplane/base/printable.h"

#include <algorithm>

namespace dialtone::daemon {
namespace {

using publish::PublishState;

struct Fate {
  std::string_view word;
  std::string why{};  // it is not served yet
  bool is_good = true;
};

Fate fate_of(const TracedChange& change, const publish::Publisher& publisher) {
  if (!change.failure.empty()) {
    return {"failed", change.failure, false};
  }
  if (change.version == 0) {
    return {"unchanged"};
  }
  if (change.time(ChangeStep::kServed) != 0) {
    return {"served"};
  }
  const PublishState state =
      change.generation != 0 ? PublishState::kPublished : publisher.state(change.version);
  return {publish::word_of(state), publisher.why(state), state == PublishState::kPublished};
}

// Since the step before; a clock that was set back makes it no time at all.
std::uint64_t between(std::int64_t from, std::int64_t to) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, to - from));
}

api::Json steps_json(const TracedChange& change) {
  api::Json steps = api::Json::array();
  std::int64_t first = 0;
  std::int64_t before = 0;
  for (std::size_t i = 0; i < kChangeSteps; ++i) {
    const std::int64_t at = change.at[i];
    if (at == 0) {
      continue;
    }
    first = first == 0 ? at : first;
    before = before == 0 ? at : before;
    steps.push_back({{"step", word_of(static_cast<ChangeStep>(i))},
                     {"time_us", at},
                     {"took_us", between(before, at)},
                     {"total_us", between(first, at)}});
    before = at;
  }
  return steps;
}

api::Json rows_json(const database::LoggedSpan& rows) {
  api::Json some = api::Json::array();
  for (const auto& row : rows.some) {
    some.push_back({{"table", row.table}, {"id", row.id}, {"operation", row.operation}});
  }
  return {{"count", rows.rows},
          {"first", rows.numbers.front().first},
          {"last", rows.numbers.back().last},
          {"span_us", between(rows.first_ms, rows.last_ms) * 1000},
          {"some", std::move(some)}};
}

api::Json summary_json(const TracedChange& change, const Fate& fate) {
  api::Json json;
  json["id"] = change.id;
  json["kind"] = change.kind;
  json["state"] = fate.word;
  json["ok"] = fate.is_good;
  json["files"] = change.files;
  json["generation"] = change.generation == 0 ? api::Json() : api::Json(change.generation);
  return json;
}

// Other changes that the same generation brought.
api::Json company_json(const ChangeTrace& trace, const TracedChange& change) {
  api::Json ids = api::Json::array();
  for (const TracedChange* each : trace.all()) {
    if (each != &change && change.generation != 0 && each->generation == change.generation) {
      ids.push_back(each->id);
    }
  }
  return ids;
}

api::Json trace_json(Service& service, const ChangeTrace& trace, const TracedChange& change) {
  const publish::Publisher& publisher = service.publisher();
  const Fate fate = fate_of(change, publisher);
  api::Json json = summary_json(change, fate);
  json["steps"] = steps_json(change);
  json["total_us"] = json["steps"].empty() ? api::Json(0) : json["steps"].back()["total_us"];
  json["builds"] = change.builds;
  if (change.what.rows.rows != 0) {
    json["rows"] = rows_json(change.what.rows);
  }
  json["devices"] = change.what.devices;
  json["names"] = change.what.files;
  json["of_all"] = change.what.is_of_all;
  json["with"] = company_json(trace, change);
  if (change.generation != 0) {
    json["swap_us"] = change.swap_us;
  }
  if (!fate.why.empty()) {
    json["why"] = fate.why;
  }
  if (const auto shared = MappedEvents::open(publisher); shared && change.first) {
    json["first"] = event_json({0, *change.first}, *shared);
    json["first"].erase("worker");
  }
  json["lost_events"] = change.lost_events;
  return json;
}

Error no_such_change(const ChangeTrace& trace, const std::string& id) {
  const auto all = trace.all();
  if (all.empty()) {
    return refused("no change has come since dialtone-control was started");
  }
  return refused("no change '" + excerpt(id) + "' is remembered; the newest " +
                 std::to_string(all.size()) + " are, since the start of dialtone-control ('" +
                 all.front()->id + "' to '" + all.back()->id + "'): 'dialtone change ls'");
}

Result<Answer> trace_one(Service& service, const Arguments& arguments) {
  DIALTONE_TRY(arguments.only({"id"}));
  const auto id = arguments.name_or("id", "last");
  if (!id) {
    return id.error();
  }
  const ChangeTrace& trace = service.trace();
  const TracedChange* change = trace.find(*id);
  if (change == nullptr) {
    return no_such_change(trace, *id);
  }
  Answer answer;
  answer.result = trace_json(service, trace, *change);
  if (change->lost_events != 0) {
    answer.warnings.push_back(
        std::to_string(change->lost_events) +
        " events were overwritten before they were looked at, so an earlier request may have been "
        "served; a larger 'events' in [dataplane] keeps more");
  }
  return answer;
}

Result<Answer> list_all(Service& service, const Arguments& arguments) {
  DIALTONE_TRY(arguments.only({}));
  Answer answer;
  api::Json list = api::Json::array();
  for (const TracedChange* change : service.trace().all()) {
    api::Json json = summary_json(*change, fate_of(*change, service.publisher()));
    const api::Json steps = steps_json(*change);
    json["time_us"] = steps.empty() ? api::Json() : steps.front()["time_us"];
    json["total_us"] = steps.empty() ? api::Json(0) : steps.back()["total_us"];
    json["rows"] = change->what.rows.rows;
    json["devices"] = change->what.devices;
    list.push_back(std::move(json));
  }
  answer.result["changes"] = std::move(list);
  return answer;
}

}  // namespace

Outcome trace_change(Service& service, const Request& request) {
  return to_outcome(trace_one(service, request.arguments));
}

Outcome list_changes(Service& service, const Request& request) {
  return to_outcome(list_all(service, request.arguments));
}

}  // namespace dialtone::daemon
