// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/exception_path.h"

#include "dataplane/program/log.h"

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <sys/prctl.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

namespace dialtone::app {
namespace {

using std::chrono::milliseconds;

// The kernel wakes the thread; a worker must not, that would be a system call. So it looks: often
// while there is traffic, which comes in answers to answers, and else a thousand times a second.
constexpr long kLingerNs = 50'000;
constexpr long kIdleNs = 1'000'000;
constexpr milliseconds kLinger{20};

// Of one side in a turn, so that neither holds up the other.
constexpr int kBatch = 64;

}  // namespace

ExceptionPath::ExceptionPath(UniqueFd kernel, std::uint32_t workers)
    : kernel_(std::move(kernel)), to_kernel_(workers), thread_([this] { run(); }) {}

ExceptionPath::~ExceptionPath() {
  stop_.store(true, std::memory_order_release);
  thread_.join();
}

bool ExceptionPath::give(std::uint32_t from, std::span<const std::byte> frame) noexcept {
  const std::span<std::byte> room = to_kernel_[from].room();
  if (room.size() < frame.size()) {
    return false;
  }
  std::copy(frame.begin(), frame.end(), room.begin());
  to_kernel_[from].push(frame.size());
  return true;
}

void ExceptionPath::run() {
  ::pthread_setname_np(::pthread_self(), "exceptions");
  ::prctl(PR_SET_TIMERSLACK, 1UL);  // nanoseconds: short waits are meant as they are
  auto moved_at = Clock::now();
  while (!stop_.load(std::memory_order_acquire)) {
    const bool wrote = write_some();
    const auto now = Clock::now();
    if (read_some() || wrote) {
      moved_at = now;
    } else {
      wait(now - moved_at < kLinger);
    }
  }
}

bool ExceptionPath::write_some() {
  bool moved = false;
  for (io::FrameRing& ring : to_kernel_) {
    for (int i = 0; i < kBatch; ++i) {
      const std::span<const std::byte> frame = ring.front();
      if (frame.empty()) {
        break;
      }
      if (::write(kernel_.get(), frame.data(), frame.size()) < 0) {
        refuse(errno);
      }
      ring.pop();
      moved = true;
    }
  }
  return moved;
}

bool ExceptionPath::read_some() {
  bool moved = false;
  for (int i = 0; i < kBatch && readable_; ++i) {
    const std::span<std::byte> room = from_kernel_.room();
    if (room.empty()) {
      break;  // the kernel keeps it, and drops what it has no room for
    }
    const ssize_t length = ::read(kernel_.get(), room.data(), room.size());
    if (length > 0) {
      from_kernel_.push(static_cast<std::size_t>(length));
      moved = true;
    } else if (length == 0 || (errno != EAGAIN && errno != EINTR)) {
      spdlog::error(
          "the exception TAP is gone ({}): the kernel gets no frames any more until "
          "dialtone-dataplane is started again",
          length == 0 ? "end of file" : strerror(errno));
      readable_ = false;
    } else {
      break;
    }
  }
  return moved;
}

// With a full ring, or without an interface, only time passes.
void ExceptionPath::wait(bool lingers) {
  pollfd kernel{kernel_.get(), POLLIN, 0};
  const timespec time{0, lingers ? kLingerNs : kIdleNs};
  ::ppoll(&kernel, readable_ && !from_kernel_.room().empty() ? 1 : 0, &time, nullptr);
}

void ExceptionPath::refuse(int error) {
  refused_.store(refused_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  if (readable_ && refusals_.admit(Clock::now())) {
    spdlog::warn("the exception TAP does not take a frame: {}; is the interface down?",
                 strerror(error));
  }
}

}  // namespace dialtone::app
