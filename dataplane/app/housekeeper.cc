// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/housekeeper.h"

#include "dataplane/base/counted.h"
#include "dataplane/program/log.h"
#include "dataplane/server/counters.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/signalfd.h>

#include <vector>

namespace dialtone::app {
namespace {

using server::Counter;
using server::DropReason;

}  // namespace

void Housekeeper::run() {
  // The pauses of a publish are 100 us, which the kernel would make 150.
  (void)::prctl(PR_SET_TIMERSLACK, 1'000UL);
  for (;;) {
    wait();
    if (const auto end = stop_.look(workers_.are_finished(), StopOrder::Clock::now());
        end != StopOrder::End::kNotYet) {
      return log_end(end);
    }
    if (!stop_.has_begun()) {
      offers_.step();  // to check a large generation would take longer than is left
      look_at_service();
    }
    watch_workers();
    network_.look(NetworkWatch::Clock::now());
    events_.follow_clock(rate_);
    telemetry_.note(store_);
  }
}

// A publish is over within some turns of the workers, so ask often; an order is taken up within one
// or their sleep; a drain takes as long as a transfer, and so does the end; otherwise only the
// heartbeat is looked at.
timespec Housekeeper::patience() const {
  if (store_.publishing()) {
    return {0, 100'000};
  }
  const bool changes = stop_.has_begun() ||
                       offers_.service().state() == abi::ServiceState::kDraining ||
                       !workers_.have_taken_orders();
  return {0, store_.draining() || changes ? 1'000'000 : 100'000'000};
}

void Housekeeper::wait() {
  std::vector<pollfd> fds{{signals_, POLLIN, 0}};
  offers_.add_poll_fds(fds);
  const timespec timeout = patience();
  if (::ppoll(fds.data(), fds.size(), &timeout, nullptr) <= 0 || fds[0].revents == 0) {
    return;
  }
  signalfd_siginfo info{};
  if (::read(signals_, &info, sizeof(info)) == sizeof(info)) {
    on_signal(static_cast<int>(info.ssi_signo));
  }
}

void Housekeeper::on_signal(int number) {
  const char* name = number == SIGINT ? "SIGINT" : "SIGTERM";
  if (!stop_.on_signal(number, StopOrder::Clock::now())) {
    spdlog::info("stopping at once: {}", name);
    return;
  }
  workers_.finish();
  spdlog::info(
      "stopping: {}; {} may go on for {} s, and who asks now is left to the next start; a second "
      "signal ends it at once",
      name, counted(workers_.sum(Counter::kSessionsActive), "transfer"), stop_.within().count());
}

void Housekeeper::log_end(StopOrder::End end) const {
  const std::uint64_t left = workers_.sum(Counter::kSessionsActive);
  spdlog::log(left == 0 ? spdlog::level::info : spdlog::level::warn,
              "stopped after {} ms: {} given up{}, {} left to the next start",
              stop_.took(StopOrder::Clock::now()).count(), counted(left, "transfer"),
              end == StopOrder::End::kTooLong ? " (stop_within_s)" : "",
              counted(workers_.sum(DropReason::kStopping), "request"));
}

void Housekeeper::look_at_service() {
  const auto now = ServiceSwitch::Clock::now();
  const auto order = offers_.service().take_order();
  switch (order ? switch_.on_order(*order, now) : switch_.look(workers_.are_finished(), now)) {
    case ServiceSwitch::Act::kNone:
      break;
    case ServiceSwitch::Act::kServe:
      spdlog::info("service: started");
      workers_.serve();
      break;
    case ServiceSwitch::Act::kFinish:
      spdlog::info("service: stopping; {} may go on, and who asks now is not answered",
                   counted(workers_.sum(Counter::kSessionsActive), "transfer"));
      workers_.finish();
      break;
    case ServiceSwitch::Act::kGiveUp:
      spdlog::warn("service: {} given up (stop_within_s)",
                   counted(workers_.sum(Counter::kSessionsActive), "transfer"));
      workers_.give_up();
      break;
  }
  tell_service();
}

// Not before each worker has taken up what it was told: until then the state is that of before.
void Housekeeper::tell_service() {
  if (!workers_.have_taken_orders()) {
    return;
  }
  image::ServiceDesk& desk = offers_.service();
  const auto before = desk.state();
  desk.set(switch_.state(workers_.are_finished()));
  offers_.tell_service();
  if (desk.state() == abi::ServiceState::kStopped && before != abi::ServiceState::kStopped) {
    spdlog::info("service: stopped");
  }
}

void Housekeeper::watch_workers() {
  const auto now = WorkerWatch::Clock::now();
  for (std::uint32_t number = 0; number < workers_.size(); ++number) {
    switch (watch_.look(number, workers_[number].heartbeat(), now)) {
      case WorkerWatch::News::kNone:
        break;
      case WorkerWatch::News::kStuck:
        spdlog::warn("worker {} has not moved for {} ms: its port blocks, or its CPU is taken away",
                     number, WorkerWatch::kStuckAfter.count());
        break;
      case WorkerWatch::News::kMovesAgain:
        spdlog::info("worker {} moves again", number);
        break;
    }
  }
}

}  // namespace dialtone::app
