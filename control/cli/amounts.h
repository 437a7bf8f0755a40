// SPDX-License-Identifier: Apache-2.0
//
// Numbers as a person reads them. Sizes count in thousands (1 kB is 1000 bytes). With --json none
// of this is used: there are exact bytes, seconds and microseconds. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dialtone::cli {

std::string grouped(std::uint64_t number);                          // "12,004"
std::string counted(std::uint64_t number, std::string_view thing);  // "1 file", "12,004 files"
std::string human_size(std::uint64_t bytes);                        // "512 B", "3.8 kB", "12 MB"
std::string human_us(std::uint64_t microseconds);                   // "3.1 ms", "1.2 s"
std::string human_uptime(std::uint64_t seconds);      // "42 s", "3 h 12 min", "5 d 1 h"
std::string utc_time(std::uint64_t unix_seconds);     // "2024-07-01T12:00:00Z"
std::string utc_milliseconds(std::uint64_t unix_us);  // "2024-07-01T12:00:00.042Z"

}  // namespace dialtone::cli
