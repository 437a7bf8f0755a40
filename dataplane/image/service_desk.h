// SPDX-License-Identifier: Apache-2.0
//
// Between control, which orders that clients are served or not, and the housekeeper, which sees to
// it: the newest order, and the state that the workers have confirmed, since when, and behind which
// order. Housekeeper only.
#pragma once

#include "dataplane/abi/offer_protocol.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace dialtone::image {

class ServiceDesk {
 public:
  // Numbers are a connection's own, and another one begins.
  void begin_numbers() noexcept { ordered_ = taken_ = answered_ = 0; }
  void order(abi::ServiceOrder order, std::uint32_t number) noexcept {
    order_ = order;
    ordered_ = number;
  }
  // The newest one, once.
  std::optional<abi::ServiceOrder> take_order() noexcept {
    taken_ = ordered_;
    return std::exchange(order_, std::nullopt);
  }

  // What the workers have made of the order that was taken last.
  void set(abi::ServiceState state) noexcept {
    answered_ = taken_;
    if (state != state_) {
      state_ = state;
      since_us_ = unix_us();
    }
  }
  abi::ServiceState state() const noexcept { return state_; }
  std::int64_t since_us() const noexcept { return since_us_; }  // Unix time
  std::uint32_t answered() const noexcept { return answered_; }

 private:
  static std::int64_t unix_us() noexcept {
    return std::chrono::duration_cast<std::chrono::microseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }

  std::optional<abi::ServiceOrder> order_;
  std::uint32_t ordered_ = 0;   // number of the newest order
  std::uint32_t taken_ = 0;     // of the one that was taken last
  std::uint32_t answered_ = 0;  // of the one that state_ is behind
  abi::ServiceState state_ = abi::ServiceState::kRunning;
  std::int64_t since_us_ = unix_us();
};

}  // namespace dialtone::image
