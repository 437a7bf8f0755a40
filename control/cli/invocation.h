// SPDX-License-Identifier: Apache-2.0
//
// What one command line asks for. Plain data.
#pragma once

#include "control/api/message.h"
#include "control/assertion/assertion.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace dialtone::cli {

enum class ColourMode { kAuto, kAlways, kNever };

struct Invocation {
  std::string socket;
  bool json = false;
  ColourMode colour = ColourMode::kAuto;

  std::string command;  // as the control socket names it: "device set"
  api::Json arguments = api::Json::object();
  std::optional<std::string> file;  // to import; "-": standard input
  std::chrono::milliseconds patience = std::chrono::seconds(30);

  // `counters` chooses among the reply's counters here: the daemon gives all of them.
  std::string counter_pattern;
  bool zero_counters = false;
  std::uint64_t delta_ms = 0;  // what happens within that time; 0: what has happened so far
  std::string metrics_file;    // to compare with; empty: none

  std::optional<assertion::Assertion> assertion;  // --assert, of the reply
  std::string expected_error;                     // --expect-error; empty: none is expected

  bool follow = false;  // `events`: ask again and again
};

}  // namespace dialtone::cli
