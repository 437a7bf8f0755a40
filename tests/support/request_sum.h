// SPDX-License-Identifier: Apache-2.0
//
// The sum rule of requests (abi/cisco_counters.h): each has one end, or is in progress.
#pragma once

#include "dataplane/abi/cisco_counters.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>

namespace dialtone::test {

// One of Cisco's counters; `value` gives ours by name.
template <typename Value>
std::uint64_t cisco_count(std::string_view name, const Value& value) {
  for (const abi::CiscoCounter& counter : abi::cisco_counters()) {
    if (counter.name == name) {
      std::uint64_t sum = 0;
      abi::for_each_part(counter, [&](std::string_view part) { sum += value(part); });
      return sum;
    }
  }
  ADD_FAILURE() << "no counter " << name;
  return 0;
}

inline constexpr std::string_view kRequestEnds[] = {"RequestsProcessed", "RequestsNotFound",
                                                    "RequestsOverflow", "RequestsAborted",
                                                    "RequestsInProgress"};

template <typename Value>
void expect_request_sum(const Value& value) {
  std::uint64_t ends = 0;
  for (const std::string_view end : kRequestEnds) {
    ends += cisco_count(end, value);
  }
  EXPECT_EQ(cisco_count("Requests", value), ends)
      << "an outcome is in none, or in several, of abi/cisco_counters.cc";
}

}  // namespace dialtone::test
