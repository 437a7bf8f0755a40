// SPDX-License-Identifier: Apache-2.0
//
// The settings of dialtone-control: the tables [control], [signing] and [policy] of the
// configuration file. docs/reference.md lists them; a default stands here and there, nowhere else.
// Cold.
#pragma once

#include "control/build/encoder_set.h"
#include "control/daemon/policy_options.h"
#include "control/metrics/scrape_server.h"
#include "control/signing/signing_key.h"
#include "dataplane/base/diagnostic.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dialtone::daemon {

struct Options {
  std::string config;  // the file that these are of; empty: none
  std::string socket = "run/control.sock";
  std::string dataplane = "run/dataplane.sock";
  std::string database;                                 // empty: none
  std::string assets;                                   // empty: none
  std::uint32_t asset_versions = 5;                     // old ones of each file that are kept
  std::uint64_t asset_most = std::uint64_t{256} << 20;  // bytes of each file
  bool hold_loads = true;   // .loads files until all that they list is there
  std::string generations;  // folder of those that were published; empty: none are kept
  std::uint32_t generations_kept = 20;
  int threads = 1;
  bool huge_pages = true;
  bool asks_for_misses = false;  // else a name that is not in the image is not found, at once
  std::uint32_t miss_park_ms = 3000;
  std::uint32_t miss_wait_ms = 100;                // below miss_park_ms
  build::EncoderCommands encoders;                 // programs that make bytes of texts; empty: none
  std::vector<std::string> reset_command;          // the program and its arguments; empty: none
  std::optional<signing::SigningOptions> signing;  // nothing: no file is signed
  std::vector<int> signing_cpus{0};                // those of no worker, where there are others
  std::optional<metrics::Endpoint> metrics;        // nothing: nobody can scrape
  std::string log_level = "info";
  PolicyOptions policy;
};

// Reads the file; everything that is wrong goes into `faults`, and then the result is of no use.
Options read_options(const std::string& path, Diagnostics& faults);

}  // namespace dialtone::daemon
