// SPDX-License-Identifier: Apache-2.0
//
// The files that a person gives to be put, read into one sealed memfd, one behind the other: what
// the daemon gets does not change under it. Blocks on the disk, or on whoever writes into standard
// input; the main thread.
#pragma once

#include "control/api/message.h"
#include "control/cli/invocation.h"
#include "dataplane/base/result.h"
#include "dataplane/base/unique_fd.h"

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace dialtone::cli {

struct ReadSources {
  UniqueFd bytes;
  api::Json files;                  // {name, length} of each
  api::Json faults;                 // {file, code, text} of what is not sent, of another server
  std::vector<std::string> hidden;  // names that were left out
};

// How far it is, for who looks on from another thread.
struct ReadSoFar {
  std::atomic<std::uint64_t> files{0};
  std::atomic<std::uint64_t> all_files{0};  // 0: not known yet
  std::atomic<std::uint64_t> bytes{0};
};

// An Error names every file that cannot be sent; then nothing is. Of another server's folder they
// are `faults`, since the daemon finds more.
Result<ReadSources> read_sources(const Sources& sources, int standard_input, ReadSoFar& so_far);

}  // namespace dialtone::cli
