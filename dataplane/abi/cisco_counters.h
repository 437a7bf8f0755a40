// SPDX-License-Identifier: Apache-2.0
//
// The counters of Cisco's performance object "Cisco TFTP" under Cisco's names, as sums of ours
// (facts: cisco-tftp 11; docs/reference.md has the table, and those that do not exist here). The
// one place that says which counters make the sum rule:
//
//   Requests = RequestsProcessed + RequestsNotFound + RequestsOverflow + RequestsAborted
//            + RequestsInProgress
//
// It holds in each worker's block between two packets, so a new way in which a request or a
// transfer ends is one more word in one of these. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace dialtone::abi {

struct CiscoCounter {
  std::string_view name;
  std::string_view ours;  // names of our counters with a blank between them; empty: always 0
  std::string_view help;
};

// In the order of the alphabet.
std::span<const CiscoCounter> cisco_counters() noexcept;

// Calls `visit` with the name of each of our counters that `counter` is the sum of.
template <typename Visit>
void for_each_part(const CiscoCounter& counter, Visit&& visit) {
  std::string_view rest = counter.ours;
  while (!rest.empty()) {
    const std::size_t end = rest.find(' ');
    visit(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
}

}  // namespace dialtone::abi
