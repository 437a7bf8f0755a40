// SPDX-License-Identifier: Apache-2.0
//
// How long a test waits for what must come. Only a failure takes so long: the machine may be busy
// with other things, and a sanitizer slow.
#pragma once

#include <chrono>
#include <thread>

namespace dialtone::test {

inline constexpr std::chrono::seconds kPatience{60};

// False: it has not come true.
template <typename Condition>
bool comes_true(Condition condition) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= end) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

}  // namespace dialtone::test
