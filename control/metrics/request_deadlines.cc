// SPDX-License-Identifier: Apache-2.0
#include "control/metrics/request_deadlines.h"

#include <sys/socket.h>
#include <sys/timerfd.h>

namespace dialtone::metrics {

RequestDeadlines::RequestDeadlines(Clock::duration within)
    : within_(within), timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)) {}

void RequestDeadlines::begin(int socket, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  std::erase_if(open_, [&](const Open& each) { return each.socket == socket; });
  open_.push_back({socket, now + within_});
  set_timer();
}

void RequestDeadlines::end(int socket) {
  const std::lock_guard lock(mutex_);
  std::erase_if(open_, [&](const Open& each) { return each.socket == socket; });
  set_timer();
}

void RequestDeadlines::enforce(Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  bool is_any = false;
  while (!open_.empty() && open_.front().until <= now) {
    ::shutdown(open_.front().socket, SHUT_RDWR);
    open_.erase(open_.begin());
    is_any = true;
  }
  if (is_any) {
    set_timer();
  }
}

// Of the monotonic clock, as std::chrono::steady_clock is. A time that has passed fires at once.
void RequestDeadlines::set_timer() {
  itimerspec time{};
  if (!open_.empty()) {
    const auto until = open_.front().until.time_since_epoch();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(until);
    time.it_value.tv_sec = seconds.count();
    time.it_value.tv_nsec = std::chrono::nanoseconds(until - seconds).count();
  }
  ::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &time, nullptr);
}

}  // namespace dialtone::metrics
