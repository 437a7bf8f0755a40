// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/commands.h"
#include "control/daemon/counter_reading.h"
#include "control/daemon/service_state.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace dialtone::daemon {
namespace {

// What the counters of the dataplane say of it; nothing: they cannot be read.
struct Work {
  std::optional<std::uint64_t> transfers;
  std::optional<std::uint64_t> waiting;
  bool stops = false;  // workers begin no transfer
};

Work read_work(const Service& service) {
  Work work;
  const auto reading = read_counters(service.publisher(), service.builder());
  for (const CounterValue& counter : reading ? reading->own : std::vector<CounterValue>()) {
    if (counter.name == "sessions_active") {
      work.transfers = counter.value;
    } else if (counter.name == "parked_now") {
      work.waiting = counter.value;
    } else if (counter.name == "stopping_now") {
      work.stops = counter.value != 0;
    }
  }
  return work;
}

struct State {
  std::string_view word;  // as `dialtone service status --assert` names it
  std::string why;
};

State state_of(const Service& service, const Work& work) {
  const publish::Publisher& publisher = service.publisher();
  const abi::HelloMessage* hello = publisher.hello();
  if (hello == nullptr) {
    return {"no-dataplane", publisher.no_dataplane().text};
  }
  // What was confirmed last is of before the order, and may be what the order asks for.
  if (const auto order = publisher.unanswered_order()) {
    return {*order == abi::ServiceOrder::kStart ? "starting" : "stopping",
            "the workers of the dataplane have not taken the order up yet"};
  }
  switch (hello->service) {
    case abi::ServiceState::kDraining:
      return {"draining", {}};
    case abi::ServiceState::kStopped:
      return {"stopped", {}};
    case abi::ServiceState::kRunning:
      break;
  }
  if (work.stops) {
    return {"draining", "the process of the dataplane ends when its transfers have"};
  }
  if (publisher.generation() == 0) {
    return {"starting",
            "no generation is published yet: " + publisher.why(publish::PublishState::kPending)};
  }
  return {"running", {}};
}

api::Json number_or_null(std::optional<std::uint64_t> number) {
  return number ? api::Json(*number) : api::Json();
}

Outcome order(Service& service, abi::ServiceOrder order) {
  if (auto sent = service.publisher().order_service(order); !sent) {
    return Refusal{{sent.error().code, sent.error().text + "; it is told so when it comes"}, {}};
  }
  Answer answer;
  answer.result = service_json(service);
  return answer;
}

}  // namespace

api::Json service_json(const Service& service) {
  const abi::HelloMessage* hello = service.publisher().hello();
  const Work work = read_work(service);
  const State state = state_of(service, work);
  api::Json json;
  json["state"] = state.word;
  json["since_us"] = hello == nullptr ? api::Json() : api::Json(hello->service_since_us);
  if (!state.why.empty()) {
    json["why"] = state.why;
  }
  json["pid"] = hello == nullptr ? api::Json() : api::Json(hello->pid);
  json["generation"] = hello == nullptr ? 0 : service.publisher().generation();
  json["transfers"] = number_or_null(work.transfers);
  json["waiting"] = number_or_null(work.waiting);
  return json;
}

std::string service_warning(const Service& service) {
  const abi::HelloMessage* hello = service.publisher().hello();
  if (hello == nullptr || hello->service == abi::ServiceState::kRunning) {
    return {};
  }
  return std::string("the service is ") +
         (hello->service == abi::ServiceState::kStopped
              ? "stopped"
              : "being stopped: transfers go on, and none begins") +
         "; no request is answered before 'dialtone service start'";
}

Outcome show_service(Service& service, const Request& request) {
  if (auto only = request.arguments.only({}); !only) {
    return Refusal{only.error(), {}};
  }
  Answer answer;
  answer.result = service_json(service);
  return answer;
}

Outcome start_service(Service& service, const Request& request) {
  if (auto only = request.arguments.only({}); !only) {
    return Refusal{only.error(), {}};
  }
  return order(service, abi::ServiceOrder::kStart);
}

Outcome stop_service(Service& service, const Request& request) {
  if (auto only = request.arguments.only({"drain"}); !only) {
    return Refusal{only.error(), {}};
  }
  const auto drain = request.arguments.flag("drain", false);
  if (!drain) {
    return Refusal{drain.error(), {}};
  }
  return order(service, *drain ? abi::ServiceOrder::kDrain : abi::ServiceOrder::kStop);
}

}  // namespace dialtone::daemon
