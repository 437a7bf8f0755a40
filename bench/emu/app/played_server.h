// SPDX-License-Identifier: Apache-2.0
//
// What --server1 and --while-busy say: the first TFTP server of a device is full, or builds
// everything anew, and says so in the words of its era. Cold; pure.
#pragma once

#include "bench/emu/device/download.h"
#include "dataplane/base/result.h"

#include <optional>
#include <string>

namespace dialtone::emu {

struct PlayedServer {
  PlayedError error{};
  Micros lasts = 0;  // from the first request to it on
};

// `state`: "busy", "rebuilding", or empty: busy, when it lasts. Without seconds it is busy for
// good, and builds for 5 s. `profile` as --profile has it. Nothing: neither is given. kUsage: no
// server of that era says so.
Result<std::optional<PlayedServer>> played_server(const std::string& state,
                                                  std::optional<double> lasts_s,
                                                  const std::string& profile);

}  // namespace dialtone::emu
