// SPDX-License-Identifier: Apache-2.0
//
// Work that falls into parts, over several threads. Cold: the threads are made for one call, so a
// part should take a millisecond and more. Any thread.
#pragma once

#include <cstddef>
#include <functional>

namespace dialtone {

class Spread {
 public:
  // At least 1; 1: the calling thread alone.
  explicit Spread(int threads = 1) noexcept : threads_(threads) {}

  // As many as there are CPUs that the calling thread may run on.
  static Spread over_own_cpus() noexcept;

  // Calls part(0) to part(parts - 1), each once, in no order and several at a time, and comes back
  // when all are done. `part` does not throw. Where the system makes no more threads, those that
  // are there do it all.
  void run(std::size_t parts, const std::function<void(std::size_t)>& part) const;

 private:
  int threads_;
};

}  // namespace dialtone
