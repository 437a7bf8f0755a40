// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/commands.h"

namespace dialtone::daemon {

// What `status` warns of, each with its cure, and what is as it was configured and may surprise.
Outcome doctor(Service& service, const Request& request) {
  Outcome outcome = status(service, request);
  if (std::holds_alternative<Refusal>(outcome)) {
    return outcome;
  }
  const Answer state = std::move(std::get<Answer>(outcome));
  Answer answer;
  api::Json notes = api::Json::array();
  const api::Json& listen = state.result["listen"];
  if (listen["v4"] == true && listen["v6"] == false) {
    notes.push_back(
        "no IPv6 address is served: a request over IPv6 is not heard, and such a phone cannot "
        "register; add one to 'address' of [dataplane] when there are any");
  } else if (listen["v4"] == false && listen["v6"] == true) {
    notes.push_back(
        "no IPv4 address is served; add one to 'address' of [dataplane] when a phone "
        "has none but IPv4");
  }
  answer.result["listen"] = listen;
  answer.result["service"] = state.result["service"]["state"];
  answer.result["findings"] = state.warnings;
  answer.result["count"] = state.warnings.size();
  answer.result["notes"] = std::move(notes);
  return answer;
}

}  // namespace dialtone::daemon
