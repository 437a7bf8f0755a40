// SPDX-License-Identifier: Apache-2.0
//
// Read requests that were recorded somewhere else, as a campus that asks for the same files again.
// A capture (pcap, pcapng) or what `dialtone --json events` prints. Cold.
#pragma once

#include "bench/emu/storm/campus_plan.h"
#include "dataplane/base/result.h"
#include "dataplane/base/tsc_clock.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace dialtone::emu {

struct RecordedRequest {
  Micros at = 0;         // of the recording's clock
  std::string client{};  // address
  std::uint16_t port = 0;
  std::string name{};
};

struct Recording {
  std::vector<RecordedRequest> requests{};
  std::size_t left_out = 0;  // their names are not known, or too long for a storm's phone
};

// Which of the two it is says its content. Errors name the file and what is wrong in it.
Result<Recording> read_recording(const std::string& path);

// A client is a phone that gets its power when it sent its first request, and asks for one file
// after the other as its server answers. A repeated request is the same one. After a minute of
// silence it has begun anew, and is another phone here. `speed`: so many times as fast.
Result<CampusPlan> plan_replay(Recording recording, double speed);

}  // namespace dialtone::emu
