// SPDX-License-Identifier: Apache-2.0
//
// Readings of all counters that somebody gave a name to, so that a later reading is told as what
// has happened since. The newest kMost are kept, in memory: a restart of control forgets them, and
// one of the dataplane, whose counters begin at 0 then, makes them of no use. One thread.
#pragma once

#include "dataplane/base/result.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::daemon {

struct CounterValue {
  std::string name;
  std::string help;
  std::uint64_t value = 0;
};

// Ours, and those of Cisco's names, of one reading.
struct CounterReading {
  std::uint64_t pid = 0;   // of the dataplane
  std::int64_t at_us = 0;  // since 1970
  std::vector<CounterValue> own{};
  std::vector<CounterValue> cisco{};
};

// It says how something is now, and does not count: what it was before is of no interest.
bool is_level(std::string_view counter) noexcept;

// What has happened between the two, which are of one dataplane; levels are those of `now`.
CounterReading difference(const CounterReading& before, const CounterReading& now);

class CounterMarks {
 public:
  static constexpr std::size_t kMost = 64;
  static constexpr std::size_t kMaxName = 64;

  // In the place of the mark of that name, or of the oldest.
  Result<void> set(const std::string& name, CounterReading reading);
  // Refused: there is none, or the dataplane is not `pid` any more.
  Result<const CounterReading*> find(const std::string& name, std::uint64_t pid) const;
  void forget(const std::string& name);

 private:
  struct Mark {
    std::string name;
    CounterReading reading;
  };
  std::deque<Mark> marks_;  // the oldest first
};

}  // namespace dialtone::daemon
