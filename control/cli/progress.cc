// SPDX-License-Identifier: Apache-2.0
#include "control/cli/progress.h"

#include "control/cli/terminal.h"

#include <chrono>
#include <utility>

namespace dialtone::cli {
namespace {

using Clock = std::chrono::steady_clock;

// Most commands are answered before anybody could read it.
constexpr std::chrono::milliseconds kBeforeTheFirst{500};
constexpr std::chrono::milliseconds kBetween{200};
// To the first column, and empty to the end of the line.
constexpr const char* kWipe = "\r\x1b[K";

}  // namespace

Progress::Progress(int fd, std::string what, Measure measure)
    : fd_(fd), what_(std::move(what)), measure_(std::move(measure)) {
  if (can_redraw(fd_)) {
    thread_ = std::thread([this] { draw(); });
  }
}

Progress::~Progress() {
  if (!thread_.joinable()) {
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  ended_changed_.notify_all();
  thread_.join();
}

void Progress::draw() {
  const auto begin = Clock::now();
  bool is_drawn = false;
  std::unique_lock lock(mutex_);
  while (!ended_changed_.wait_for(lock, is_drawn ? kBetween : kBeforeTheFirst,
                                  [this] { return ended_; })) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - begin);
    const std::string more = measure_ ? measure_() : std::string();
    (void)write_all(fd_, kWipe + what_ + ": " + std::to_string(seconds.count()) + " s" +
                             (more.empty() ? "" : ", " + more));
    is_drawn = true;
  }
  if (is_drawn) {
    (void)write_all(fd_, kWipe);
  }
}

}  // namespace dialtone::cli
