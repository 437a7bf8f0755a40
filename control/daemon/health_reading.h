// SPDX-License-Identifier: Apache-2.0
//
// What the counters of the dataplane say of its health at one moment, as plain values: of one look,
// without a memory of those before (health_memory.h). Pure; any thread; no errors: a counter that
// this dataplane does not have counts as that of one that is well.
#pragma once

#include "dataplane/abi/counters_page.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace dialtone::daemon {

// Counts whose rise is told.
enum class HealthCount : std::size_t {
  kBusy,
  kExhausted,
  kConflicts,
  kAttack,
  kUnanswered,
  kTooBig,
  kSourceRate,
  kPrefixRate,
  kFirstPackets,
  kReceived,
  kMissed,
  kNoBuffer,
  kBroken,
  kNotTransmitted,
  kNotTaken
};
inline constexpr std::size_t kHealthCounts = 15;

struct WorkerReading {
  std::optional<std::uint64_t> beat;  // changes with each of its turns
  std::uint64_t sessions = 0;
  std::uint64_t limit = 0;  // of sessions; 0: there is none

  bool is_full() const noexcept { return limit != 0 && sessions >= limit; }
};

struct HealthReading {
  std::vector<WorkerReading> workers;
  std::uint64_t waiting = 0;         // requests, for a session or a file
  std::uint64_t addresses_lost = 0;  // to other hosts
  bool is_stopping = false;          // some worker begins no transfer
  bool link_is_up = true;
  std::array<std::uint64_t, kHealthCounts> counts{};
};

HealthReading read_health(const abi::CountersView& view);

}  // namespace dialtone::daemon
