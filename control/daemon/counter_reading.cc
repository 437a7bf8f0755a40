// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/counter_reading.h"

#include "control/daemon/build_counters.h"
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

}  // namespace

Result<CounterReading> read_counters(const publish::Publisher& publisher,
                                     const build::Builder& builder) {
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
  for (const BuildCounter& counter : build_counters(builder)) {
    reading.cisco.push_back({std::string(counter.name), std::string(counter.help), counter.value});
  }
  for (const abi::CiscoCounter& counter : abi::cisco_counters()) {
    std::uint64_t sum = 0;
    abi::for_each_part(counter, [&](std::string_view part) { sum += value_of(*view, part); });
    reading.cisco.push_back({std::string(counter.name), std::string(counter.help), sum});
  }
  return reading;
}

}  // namespace dialtone::daemon
