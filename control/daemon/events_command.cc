// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/commands.h"
#include "control/daemon/event_json.h"
#include "control/daemon/event_query.h"
#include "control/daemon/mapped_events.h"
#include "control/database/device_name.h"
#include "control/publish/faulty_text.h"
#include "dataplane/abi/canonical_name.h"
#include "dataplane/base/diagnostic.h"
#include "dataplane/base/printable.h"
#include "dataplane/config/address_text.h"

#include <string>

namespace dialtone::daemon {
namespace {

constexpr std::uint64_t kMostEvents = 10'000;

Result<EventQuery> read_query(const Arguments& arguments) {
  EventQuery query;
  DIALTONE_TRY(arguments.only({"after", "limit", "device", "client"}));
  auto after = arguments.numbers("after");
  const auto limit = arguments.number_or("limit", query.limit, kMostEvents);
  const auto device = arguments.name_or("device", "");
  const auto client = arguments.name_or("client", "");
  for (const Error* error :
       {after ? nullptr : &after.error(), limit ? nullptr : &limit.error(),
        device ? nullptr : &device.error(), client ? nullptr : &client.error()}) {
    if (error != nullptr) {
      return *error;
    }
  }
  query.after = std::move(*after);
  query.limit = *limit;
  if (!device->empty()) {
    auto name = database::device_name(*device);
    if (!name) {
      return name.error();
    }
    abi::CanonicalName canonical;
    abi::canonicalize(*name, canonical);
    query.device = canonical.view();
  }
  if (!client->empty()) {
    query.client = config::parse_ip(*client);
    if (!query.client) {
      return usage("'" + printable(*client) + "' is no IPv4 or IPv6 address");
    }
  }
  return query;
}

}  // namespace

Outcome events(Service& service, const Request& request) {
  const auto query = read_query(request.arguments);
  if (!query) {
    return Refusal{query.error(), {}};
  }
  const auto shared = MappedEvents::open(service.publisher());
  if (!shared) {
    return Refusal{shared.error(), {}};
  }
  const FoundEvents found = find_events(shared->events(), shared->counters().size(), *query);
  Answer answer;
  api::Json list = api::Json::array();
  for (const FoundEvent& each : found.events) {
    list.push_back(event_json(each, *shared));
  }
  answer.result["events"] = std::move(list);
  answer.result["next"] = found.next;
  answer.result["lost"] = found.lost;
  answer.result["skipped"] = found.skipped;
  answer.result["faulty"] = found.faulty;
  if (found.faulty != 0) {
    answer.warnings.push_back(publish::faulty_text(found.faulty, "records of its events page"));
  }
  return answer;
}

}  // namespace dialtone::daemon
