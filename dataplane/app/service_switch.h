// SPDX-License-Identifier: Apache-2.0
//
// Whether clients are served, by what control orders (docs/swap-protocol.md, "Service"): the
// process stays, its port, its images and its control too. A stop lets transfers go on to their
// end, for as long as SIGTERM would, or for as long as they take. Housekeeper only; time comes in
// as a value.
#pragma once

#include "dataplane/abi/offer_protocol.h"

#include <chrono>
#include <cstdint>
#include <optional>

namespace dialtone::app {

class ServiceSwitch {
 public:
  using Clock = std::chrono::steady_clock;
  // What the workers are to be told.
  enum class Act : std::uint8_t {
    kNone,
    kServe,
    kFinish,  // the transfers that they have, and begin none
    kGiveUp,  // those that are left
  };

  explicit ServiceSwitch(std::chrono::seconds within) : within_(within) {}

  Act on_order(abi::ServiceOrder order, Clock::time_point now) {
    const bool was_on = is_on_;
    is_on_ = order == abi::ServiceOrder::kStart;
    give_up_at_.reset();
    if (is_on_) {
      return was_on ? Act::kNone : Act::kServe;
    }
    if (order == abi::ServiceOrder::kStop) {
      give_up_at_ = now + within_;
    }
    return was_on ? Act::kFinish : Act::kNone;
  }

  // `all_finished`: no worker has a transfer, nor begins one.
  Act look(bool all_finished, Clock::time_point now) {
    if (all_finished || !give_up_at_ || now < *give_up_at_) {
      return Act::kNone;
    }
    give_up_at_.reset();
    return Act::kGiveUp;
  }

  // When every worker has taken up what it was told last.
  abi::ServiceState state(bool all_finished) const {
    if (is_on_) {
      return abi::ServiceState::kRunning;
    }
    return all_finished ? abi::ServiceState::kStopped : abi::ServiceState::kDraining;
  }

 private:
  const std::chrono::seconds within_;
  bool is_on_ = true;
  std::optional<Clock::time_point> give_up_at_;  // of kStop, once
};

}  // namespace dialtone::app
