// SPDX-License-Identifier: Apache-2.0
//
// The way between the workers and the kernel, for frames that are not ours: what a worker gives
// goes to a TAP of the kernel's, and what the kernel sends there goes out of the port. A thread of
// its own does the system calls. It copies frames from and to rings and holds no packet buffer, so
// a worker never waits for it; where it is behind, frames are dropped and counted.
#pragma once

#include "dataplane/base/log_limit.h"
#include "dataplane/base/unique_fd.h"
#include "dataplane/io/frame_ring.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <thread>

namespace dialtone::app {

class ExceptionPath {
 public:
  // `kernel` reads and writes a frame in each call, and does not block. The thread starts at once,
  // on the CPUs of the one that calls.
  ExceptionPath(UniqueFd kernel, std::uint32_t workers);
  ~ExceptionPath();  // no worker may run any more
  ExceptionPath(const ExceptionPath&) = delete;
  ExceptionPath& operator=(const ExceptionPath&) = delete;

  // The thread of worker `from`. False: its ring is full.
  bool give(std::uint32_t from, std::span<const std::byte> frame) noexcept;

  // What the kernel sends; read by one worker.
  io::FrameRing& from_kernel() noexcept { return from_kernel_; }

  // Frames that were given and that the kernel did not take. Any thread.
  std::uint64_t refused() const noexcept { return refused_.load(std::memory_order_relaxed); }

 private:
  using Clock = std::chrono::steady_clock;

  void run();
  bool write_some();  // true: a frame moved
  bool read_some();   // likewise
  void wait(bool lingers);
  void refuse(int error);

  UniqueFd kernel_;
  bool readable_ = true;                 // false: the interface is gone
  std::deque<io::FrameRing> to_kernel_;  // of each worker
  io::FrameRing from_kernel_;
  LogLimit refusals_;
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace dialtone::app
