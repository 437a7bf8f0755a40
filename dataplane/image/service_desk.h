// SPDX-License-Identifier: Apache-2.0
//
// Between control, which orders that clients are served or not, and the housekeeper, which sees to
// it: the newest order, and the state that the workers have confirmed, since when. Housekeeper
// only.
#pragma once

#include "dataplane/abi/offer_protocol.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace dialtone::image {

class ServiceDesk {
 public:
  void order(abi::ServiceOrder order) noexcept { order_ = order; }
  // The newest one, once.
  std::optional<abi::ServiceOrder> take_order() noexcept {
    return std::exchange(order_, std::nullopt);
  }

  void set(abi::ServiceState state) noexcept {
    if (state != state_) {
      state_ = state;
      since_us_ = unix_us();
    }
  }
  abi::ServiceState state() const noexcept { return state_; }
  std::int64_t since_us() const noexcept { return since_us_; }  // Unix time

 private:
  static std::int64_t unix_us() noexcept {
    return std::chrono::duration_cast<std::chrono::microseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }

  std::optional<abi::ServiceOrder> order_;
  abi::ServiceState state_ = abi::ServiceState::kRunning;
  std::int64_t since_us_ = unix_us();
};

}  // namespace dialtone::image
