// SPDX-License-Identifier: Apache-2.0
//
// How far an import is: from the thread that imports to those that ask, and back, that nobody wants
// it any more. Each value is on its own: nothing else is published by them.
#pragma once

#include "dataplane/base/result.h"

#include <atomic>
#include <cstddef>

namespace dialtone::importing {

class ImportProgress {
 public:
  // The thread that imports. An Error: it is to end, and to keep nothing.
  void begin(std::size_t rows) noexcept { rows_.store(rows, std::memory_order_relaxed); }
  Result<void> note(std::size_t done) {
    done_.store(done, std::memory_order_relaxed);
    return given_up_.load(std::memory_order_relaxed)
               ? Result<void>(refused("nothing was imported: its client has gone, or control ends"))
               : Result<void>();
  }
  // From here on others may see what was imported before they hear of its end. An Error as
  // note()'s.
  Result<void> note_commit() {
    commits_.store(true, std::memory_order_release);
    return note(done_.load(std::memory_order_relaxed));
  }

  // Any thread.
  void give_up() noexcept { given_up_.store(true, std::memory_order_relaxed); }
  std::size_t rows() const noexcept { return rows_.load(std::memory_order_relaxed); }  // 0: unknown
  std::size_t done() const noexcept { return done_.load(std::memory_order_relaxed); }
  bool commits() const noexcept { return commits_.load(std::memory_order_acquire); }

 private:
  std::atomic<bool> given_up_{false};
  std::atomic<std::size_t> rows_{0};
  std::atomic<std::size_t> done_{0};
  std::atomic<bool> commits_{false};
};

}  // namespace dialtone::importing
