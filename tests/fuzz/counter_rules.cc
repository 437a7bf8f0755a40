// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/counter_rules.h"

#include "dataplane/abi/cisco_counters.h"
#include "dataplane/server/counters.h"
#include "tests/fuzz/require.h"
#include "tests/support/counted_frames.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace dialtone::fuzz {
namespace {

using Places = std::vector<std::size_t>;

std::size_t place_of(std::string_view name) {
  const auto table = server::counter_table();
  const auto found = std::ranges::find(table, name, &abi::CounterInfo::name);
  require(found != table.end(), "Cisco's counters are sums of ours");
  return static_cast<std::size_t>(found - table.begin());
}

// Of the counters that each of these is the sum of.
Places places_of(std::span<const std::string_view> names) {
  Places places;
  for (const std::string_view name : names) {
    const auto counters = abi::cisco_counters();
    const auto found = std::ranges::find(counters, name, &abi::CiscoCounter::name);
    require(found != counters.end(), "Cisco's counter is there");
    abi::for_each_part(*found, [&](std::string_view part) { places.push_back(place_of(part)); });
  }
  return places;
}

std::uint64_t sum_of(const Places& places, std::span<const std::uint64_t> counters) {
  std::uint64_t sum = 0;
  for (const std::size_t place : places) {
    sum += counters[place];
  }
  return sum;
}

}  // namespace

void check_counters(std::span<const std::uint64_t> counters) {
  static constexpr std::string_view kRequests[] = {"Requests"};
  static constexpr std::string_view kEnds[] = {"RequestsProcessed", "RequestsNotFound",
                                               "RequestsOverflow", "RequestsAborted",
                                               "RequestsInProgress"};
  static const Places requests = places_of(kRequests);
  static const Places ends = places_of(kEnds);
  require(sum_of(requests, counters) == sum_of(ends, counters),
          "each request has one end or goes on (abi/cisco_counters.h)");
  const auto count = [&](server::Counter counter) { return counters[server::index_of(counter)]; };
  require(test::counted_frames(counters) == count(server::Counter::kFramesReceived),
          "each frame that was received has one end");
  require(test::counted_requests(counters) == count(server::Counter::kRequests),
          "each request is counted under one outcome");
  require(test::counted_parked(counters) == count(server::Counter::kRequestsParked),
          "who waits is served, refused, given up, or waits on");
}

}  // namespace dialtone::fuzz
