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
#include <vector>

namespace dialtone::cli {

enum class ColourMode { kAuto, kAlways, kNever };

// What `files put` and `import dir` read on this side.
struct Sources {
  std::vector<std::string> paths;  // files, and folders with all that is below them
  std::string name;                // of the one file, or of the folder that all go to; empty: none
  bool is_server = false;  // the folder of another server: what it would not send is a fault, and
                           // the daemon gets all of them
  std::string remap;       // its file of rules, whose text goes along; empty: none
  std::uint64_t stop_percent = 100;  // send no more of the bytes, as if this program had ended
};

// What an order of the service asked for, and how long it may take.
struct AwaitedState {
  std::string state;
  std::chrono::seconds patience{};
};

struct Invocation {
  std::string socket;
  bool json = false;
  ColourMode colour = ColourMode::kAuto;

  std::string command;  // as the control socket names it: "device set"
  api::Json arguments = api::Json::object();
  std::optional<std::string> file;         // to import; "-": standard input
  std::optional<Sources> sources;          // to put
  std::string verify_with;                 // `files verify`: the local file; "-": standard input
  std::optional<std::string> output;       // where the reply's content goes; "-": standard output
  std::optional<std::string> archive;      // a file that goes along as it lies there
  std::optional<std::string> new_archive;  // a file that the daemon writes
  std::chrono::milliseconds patience = std::chrono::seconds(30);

  // `counters` chooses among the reply's counters here: the daemon gives all of them.
  std::string counter_pattern;
  bool zero_counters = false;
  std::uint64_t delta_ms = 0;  // what happens within that time; 0: what has happened so far
  std::string metrics_file;    // to compare with; empty: none

  std::optional<assertion::Assertion> assertion;  // --assert, of the reply
  std::string expected_error;                     // --expect-error; empty: none is expected

  bool follow = false;                                   // `events`: ask again and again
  std::optional<AwaitedState> awaited;                   // `service`: ask until it is in that state
  std::optional<std::chrono::seconds> refetch_patience;  // `device reset`: until the device asks
};

}  // namespace dialtone::cli
