// SPDX-License-Identifier: Apache-2.0
//
// How much memory this process can still take before the kernel ends a process for it: what the
// machine has free, and what is left below each limit of the control groups (version 1 and 2) that
// the process is in. Reads /proc and /sys; any thread.
#pragma once

#include "dataplane/base/result.h"

#include <cstdint>
#include <string>

namespace dialtone::assets {

struct MemoryRoom {
  std::uint64_t bytes = 0;
  std::string limit;  // what gives the least: "the machine", or the file of a limit
};

// `root` stands before /proc and /sys. Where nothing can be read there is no limit.
MemoryRoom memory_room(const std::string& root = {});

// kRefused: files of so many bytes do not fit; a quarter of the room is left to others, the
// dataplane and the build among them. What was read before counts as taken.
Result<void> check_memory(std::uint64_t bytes, const std::string& root = {});

}  // namespace dialtone::assets
