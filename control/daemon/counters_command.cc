// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/commands.h"
#include "control/daemon/counter_reading.h"
#include "control/daemon/metrics_options.h"

namespace dialtone::daemon {
namespace {

api::Json list_json(const std::vector<CounterValue>& counters) {
  api::Json list = api::Json::array();
  for (const CounterValue& counter : counters) {
    list.push_back({{"name", counter.name}, {"help", counter.help}, {"value", counter.value}});
  }
  return list;
}

api::Json values_json(const CounterReading& reading) {
  api::Json values = api::Json::object();
  for (const auto* counters : {&reading.own, &reading.cisco}) {
    for (const CounterValue& counter : *counters) {
      values[counter.name] = counter.value;
    }
  }
  return values;
}

api::Json levels_json(const CounterReading& reading) {
  api::Json levels = api::Json::array();
  for (const auto* counters : {&reading.own, &reading.cisco}) {
    for (const CounterValue& counter : *counters) {
      if (is_level(counter.name)) {
        levels.push_back(counter.name);
      }
    }
  }
  return levels;
}

Result<Answer> count(Service& service, const Arguments& arguments) {
  DIALTONE_TRY(arguments.only({"cisco", "mark", "since", "forget"}));
  const auto cisco = arguments.flag("cisco", false);
  const auto mark = arguments.name_or("mark", "");
  const auto since = arguments.name_or("since", "");
  const auto forget = arguments.flag("forget", false);
  for (const Error* error :
       {cisco ? nullptr : &cisco.error(), mark ? nullptr : &mark.error(),
        since ? nullptr : &since.error(), forget ? nullptr : &forget.error()}) {
    if (error != nullptr) {
      return *error;
    }
  }
  auto reading = read_counters(service.publisher(), service.builder());
  if (!reading) {
    return reading.error();
  }
  Answer answer;
  if (arguments.has("mark")) {
    DIALTONE_TRY(service.marks().set(*mark, *reading));
    answer.result["mark"] = *mark;
  }
  if (arguments.has("since")) {
    const auto before = service.marks().find(*since, reading->pid);
    if (!before) {
      return before.error();
    }
    answer.result["since"] = *since;
    answer.result["since_us"] = reading->at_us - (*before)->at_us;
    reading = difference(**before, *reading);
    if (*forget) {
      service.marks().forget(*since);
    }
  }
  answer.result["counters"] = list_json(*cisco ? reading->cisco : reading->own);
  answer.result["values"] = values_json(*reading);
  answer.result["levels"] = levels_json(*reading);
  const auto& scrapes = service.options().metrics;
  answer.result["metrics"] = scrapes ? api::Json(url_of(*scrapes)) : api::Json();
  return answer;
}

}  // namespace

Outcome counters(Service& service, const Request& request) {
  return to_outcome(count(service, request.arguments));
}

}  // namespace dialtone::daemon
