// SPDX-License-Identifier: Apache-2.0
//
// Whole transfers: up to four clients, what they send, losses, time, publishes. Each client's view
// is held against a model. session_input.h says what an input is.
#include "tests/fuzz/require.h"
#include "tests/fuzz/session_clients.h"
#include "tests/fuzz/session_input.h"

namespace dialtone::fuzz {
namespace {

constexpr int kMostSteps = 400;

SessionClients& clients_of(std::uint8_t flags) {
  const auto setup = [](bool small, bool single_port) {
    return Setup{.max_sessions = small ? 2U : 4U,
                 .single_port = single_port,
                 .max_parked = small ? 4U : 16U,
                 .events = small};
  };
  static SessionClients all[] = {
      SessionClients(setup(false, false)), SessionClients(setup(false, true)),
      SessionClients(setup(true, false)), SessionClients(setup(true, true))};
  return all[((flags & kSmall) != 0 ? 2 : 0) + ((flags & kSinglePort) != 0 ? 1 : 0)];
}

void take(const Step& step, SessionClients& clients) {
  switch (step.kind) {
    case StepKind::kRead:
    case StepKind::kRequest:
      return clients.send_request(step.client, step.packet);
    case StepKind::kAckLast:
      clients.process();
      return clients.send_ack(step.client, 0);
    case StepKind::kAckNear:
      return clients.send_ack(step.client, static_cast<std::int8_t>(step.number));
    case StepKind::kAgain:
      return clients.send_again(step.client);
    case StepKind::kAbort:
      return clients.send_to_transfer(step.client, std::string("\0\5\0\0x\0", 6));
    case StepKind::kStrangerAck:
      return clients.send_stranger_ack(step.client);
    case StepKind::kUnreachable:
      return clients.send_unreachable(step.client, step.number);
    case StepKind::kWait:
      return clients.wait(Micros{1000} << (step.number & 15));
    case StepKind::kTimers:
      return clients.run_timers(step.number);
    case StepKind::kPublish:
      clients.process();
      return clients.publish(step.number % (kGenerations + 1));
    case StepKind::kControl:
      clients.process();
      if (clients.take_misses()) {
        clients.publish(1 + step.number % kGenerations);
      }
      return;
    case StepKind::kProcess:
      return clients.process();
    case StepKind::kPacket:
      return clients.send_to_transfer(step.client, step.packet);
    case StepKind::kTooBig:
      return clients.send_too_big(step.client, step.said, step.of_last);
    case StepKind::kCopies:
      clients.wait(1'100'000);
      return clients.run_timers(64);
  }
}

// Nobody sends any more: each transfer has had its copies some time.
void run_out(SessionClients& clients) {
  for (int i = 0; clients.sessions() != 0; ++i) {
    require(i < 64, "a transfer that nobody acknowledges ends");
    clients.wait(300'000'000);
    clients.run_timers(1024);
  }
}

}  // namespace
}  // namespace dialtone::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dialtone::fuzz;
  Input input(data, size);
  const std::uint8_t flags = input.byte();
  SessionClients& clients = clients_of(flags);
  clients.begin({.limits = (flags & kLimits) != 0,
                 .asks = (flags & kAsks) != 0,
                 .busy = (flags & kBusy) != 0},
                (flags & kNobodyListens) == 0, (flags & (kSmall | kLimits | kAsks)) != 0);
  for (int steps = 0; !input.empty() && steps < kMostSteps; ++steps) {
    take(read_step(input), clients);
  }
  clients.process();
  if ((flags & kRunsOut) != 0) {
    run_out(clients);
  }
  clients.end();
  return 0;
}
