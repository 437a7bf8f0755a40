// SPDX-License-Identifier: Apache-2.0
//
// What is wrong with the dataplane, by the counters that it shares, for `dialtone status`: looked
// at once a second (health_reading.h), remembered (health_memory.h) so that a warning can say since
// when and how often, and put into words (health_warnings.h). Time comes in as a value. One thread.
#pragma once

#include "control/daemon/health_memory.h"
#include "control/publish/publisher.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dialtone::daemon {

class DataplaneHealth {
 public:
  using Clock = HealthMemory::Clock;

  static constexpr std::chrono::seconds kBetweenLooks{1};

  // As often as the caller likes. Without a dataplane it forgets the one before.
  void look(const publish::Publisher& publisher, Clock::time_point now);
  // When the next look is worth while; the end of time without a dataplane.
  Clock::time_point due() const noexcept { return pid_ ? next_ : Clock::time_point::max(); }

  // As of the last look: no worker has a session for a client that it does not know.
  bool is_full() const noexcept;
  // As of the last look.
  std::vector<std::string> warnings() const;

 private:
  std::optional<std::uint64_t> pid_;  // of the dataplane that all this is of
  Clock::time_point next_;
  std::string trouble_;  // why its counters cannot be read; empty: they can
  HealthMemory memory_;
};

}  // namespace dialtone::daemon
