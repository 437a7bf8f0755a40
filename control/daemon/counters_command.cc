// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/build_counters.h"
#include "control/daemon/commands.h"
#include "control/daemon/counter_marks.h"
#include "control/daemon/map_page.h"
#include "control/daemon/unix_time.h"
#include "dataplane/abi/cisco_counters.h"
#include "dataplane/abi/counters_page.h"

namespace dialtone::daemon {
namespace {

// 0 for a counter that this dataplane does not have.
std::uint64_t value_of(const abi::CountersView& view, std::string_view name) {
  const auto counter = view.find(name);
  return counter ? view.sum(*counter) : 0;
}

Result<CounterReading> read_all(Service& service) {
  const publish::Publisher& publisher = service.publisher();
  if (publisher.hello() == nullptr || publisher.pages().counters_fd() < 0) {
    return publisher.no_dataplane();
  }
  const auto page = map_page(publisher.pages().counters_fd(), "counters");
  if (!page) {
    return page.error();
  }
  const auto view = abi::CountersView::open(page->bytes());
  if (!view) {
    return view.error();
  }
  CounterReading reading{publisher.hello()->pid, unix_us()};
  for (std::size_t i = 0; i < view->size(); ++i) {
    reading.own.push_back({std::string(view->name(i)), std::string(view->help(i)), view->sum(i)});
  }
  for (const BuildCounter& counter : build_counters(service.builder())) {
    reading.cisco.push_back({std::string(counter.name), std::string(counter.help), counter.value});
  }
  for (const abi::CiscoCounter& counter : abi::cisco_counters()) {
    std::uint64_t sum = 0;
    abi::for_each_part(counter, [&](std::string_view part) { sum += value_of(*view, part); });
    reading.cisco.push_back({std::string(counter.name), std::string(counter.help), sum});
  }
  return reading;
}

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
  const auto mark = arguments.text_or("mark", "");
  const auto since = arguments.text_or("since", "");
  const auto forget = arguments.flag("forget", false);
  for (const Error* error :
       {cisco ? nullptr : &cisco.error(), mark ? nullptr : &mark.error(),
        since ? nullptr : &since.error(), forget ? nullptr : &forget.error()}) {
    if (error != nullptr) {
      return *error;
    }
  }
  auto reading = read_all(service);
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
  return answer;
}

}  // namespace

Outcome counters(Service& service, const Request& request) {
  return to_outcome(count(service, request.arguments));
}

}  // namespace dialtone::daemon
