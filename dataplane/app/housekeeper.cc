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

using std::chrono::milliseconds;

// A worker's turn takes microseconds, its longest sleep is 100 ms.
constexpr milliseconds kStuckAfter{1000};

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
    watch_worker();
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

void Housekeeper::watch_worker() {
  const Clock::time_point now = Clock::now();
  if (const std::uint64_t beat = worker_.heartbeat(); beat != last_beat_) {
    last_beat_ = beat;
    last_moved_ = now;
    if (stuck_) {
      stuck_ = false;
      spdlog::info("worker 0 moves again");
    }
  } else if (!stuck_ && now - last_moved_ > kStuckAfter) {
    stuck_ = true;
    spdlog::warn("worker 0 has not moved for {} ms: its port blocks, or its CPU is taken away",
                 kStuckAfter.count());
  }
}

}  // namespace dialtone::app
