// SPDX-License-Identifier: Apache-2.0
//
// The words for what is remembered of a dataplane's health: what, since when or how often, and the
// cure. Each function adds its text, or none. Cold; one thread.
#pragma once

#include "control/daemon/health_memory.h"

#include <cstdint>
#include <string>
#include <vector>

namespace dialtone::daemon {

using Texts = std::vector<std::string>;

// A worker that has a turn within less is not stuck: two looks without one in between, where the
// longest sleep of a worker is 100 ms.
inline constexpr std::chrono::milliseconds kStuckAfter{1500};
// A link comes up some time after its interface, as at every start.
inline constexpr std::chrono::seconds kLinkSettles{2};
// Of frames, less than one in so many lost is no warning. A phone that boots has 500, and waits for
// seconds for a lost one.
inline constexpr std::uint64_t kFrames = 1000;

// From then to the newest look: "12 s".
std::string ago(const HealthMemory& memory, HealthMemory::Clock::time_point then);

// dataplane_warnings.cc
void warn_of_stop(const HealthMemory& memory, Texts& texts);
void warn_of_workers(const HealthMemory& memory, std::uint64_t pid, Texts& texts);
void warn_of_sessions(const HealthMemory& memory, Texts& texts);
void warn_of_attack(const HealthMemory& memory, Texts& texts);

// network_warnings.cc
void warn_of_link(const HealthMemory& memory, Texts& texts);
void warn_of_losses(const HealthMemory& memory, Texts& texts);
void warn_of_rates(const HealthMemory& memory, Texts& texts);
void warn_of_narrow_links(const HealthMemory& memory, Texts& texts);
void warn_of_addresses(const HealthMemory& memory, Texts& texts);

}  // namespace dialtone::daemon
