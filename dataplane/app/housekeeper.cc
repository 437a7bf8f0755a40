// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/housekeeper.h"

#include "dataplane/program/log.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <sys/signalfd.h>

#include <cerrno>
#include <vector>

namespace dialtone::app {
namespace {

// A publish is over within some turns of the workers, so ask often; a drain takes as long as a
// transfer; otherwise only the heartbeat is looked at.
timespec patience(const image::ImageStore& store) {
  if (store.publishing()) {
    return {0, 100'000};
  }
  return {0, store.draining() ? 1'000'000 : 100'000'000};
}

}  // namespace

void Housekeeper::run() {
  while (wait()) {
    offers_.step();
    watch_workers();
    network_.look(NetworkWatch::Clock::now());
    link_.look(LinkWatch::Clock::now());
    events_.follow_clock(rate_);
    telemetry_.note(store_);
  }
}

bool Housekeeper::wait() {
  std::vector<pollfd> fds{{signals_, POLLIN, 0}};
  offers_.add_poll_fds(fds);
  const timespec timeout = patience(store_);
  if (::ppoll(fds.data(), fds.size(), &timeout, nullptr) <= 0 || fds[0].revents == 0) {
    return true;
  }
  signalfd_siginfo info{};
  if (::read(signals_, &info, sizeof(info)) != sizeof(info)) {
    return true;
  }
  spdlog::info("stopping: {}", info.ssi_signo == SIGINT ? "SIGINT" : "SIGTERM");
  return false;
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
