// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/build_counters.h"
#include "control/daemon/commands.h"
#include "control/daemon/map_page.h"
#include "dataplane/abi/cisco_counters.h"
#include "dataplane/abi/counters_page.h"

namespace dialtone::daemon {
namespace {

// 0 for a counter that this dataplane does not have.
std::uint64_t value_of(const abi::CountersView& view, std::string_view name) {
  const auto counter = view.find(name);
  return counter ? view.sum(*counter) : 0;
}

api::Json own_list(const abi::CountersView& view) {
  api::Json list = api::Json::array();
  for (std::size_t i = 0; i < view.size(); ++i) {
    list.push_back({{"name", view.name(i)}, {"help", view.help(i)}, {"value", view.sum(i)}});
  }
  return list;
}

api::Json cisco_list(const build::Builder& builder, const abi::CountersView& view) {
  api::Json list = api::Json::array();
  for (const BuildCounter& counter : build_counters(builder)) {
    list.push_back({{"name", counter.name}, {"help", counter.help}, {"value", counter.value}});
  }
  for (const abi::CiscoCounter& counter : abi::cisco_counters()) {
    std::uint64_t sum = 0;
    abi::for_each_part(counter, [&](std::string_view part) { sum += value_of(view, part); });
    list.push_back({{"name", counter.name}, {"help", counter.help}, {"value", sum}});
  }
  return list;
}

}  // namespace

Outcome counters(Service& service, const Request& request) {
  if (auto only = request.arguments.only({"cisco"}); !only) {
    return Refusal{only.error(), {}};
  }
  const auto cisco = request.arguments.flag("cisco", false);
  if (!cisco) {
    return Refusal{cisco.error(), {}};
  }
  const publish::Publisher& publisher = service.publisher();
  if (publisher.pages().counters_fd() < 0) {
    return Refusal{publisher.no_dataplane(), {}};
  }
  const auto page = map_page(publisher.pages().counters_fd(), "counters");
  if (!page) {
    return Refusal{page.error(), {}};
  }
  const auto view = abi::CountersView::open(page->bytes());
  if (!view) {
    return Refusal{view.error(), {}};
  }
  Answer answer;
  answer.result["counters"] = *cisco ? cisco_list(service.builder(), *view) : own_list(*view);
  return answer;
}

}  // namespace dialtone::daemon
