// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/commands.h"
#include "control/daemon/setup_steps.h"

namespace dialtone::daemon {

Outcome show_setup(Service& service, const Request& request) {
  if (auto only = request.arguments.only({"proxy"}); !only) {
    return Refusal{only.error(), {}};
  }
  const auto proxy = request.arguments.flag("proxy", false);
  if (!proxy) {
    return Refusal{proxy.error(), {}};
  }
  Answer answer;
  api::Json steps = api::Json::array();
  std::uint64_t done = 0;
  std::uint64_t todo = 0;
  for (const SetupStep& step : *proxy ? proxy_steps(service) : service_steps(service)) {
    done += step.done ? 1 : 0;
    todo += !step.done && !step.optional ? 1 : 0;
    steps.push_back({{"id", step.id},
                     {"title", step.title},
                     {"done", step.done},
                     {"optional", step.optional},
                     {"found", step.found},
                     {"cure", step.cure}});
  }
  answer.result["of"] = *proxy ? "proxy" : "service";
  answer.result["steps"] = std::move(steps);
  answer.result["done"] = done;
  answer.result["todo"] = todo;
  return answer;
}

}  // namespace dialtone::daemon
