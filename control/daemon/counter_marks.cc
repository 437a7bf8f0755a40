// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/counter_marks.h"

#include "dataplane/base/diagnostic.h"
#include "dataplane/base/printable.h"

#include <algorithm>
#include <iterator>

namespace dialtone::daemon {
namespace {

// docs/counters-page.md names those of the dataplane.
constexpr std::string_view kLevels[] = {"sessions_active",
                                        "sessions_unanswered",
                                        "parked_now",
                                        "serving_limit",
                                        "link_up",
                                        "stopping_now",
                                        "addresses_lost",
                                        "MaxServingCount",
                                        "BuildDialruleCount",
                                        "RequestsInProgress",
                                        "BuildDeviceCount",
                                        "BuildSoftkeyCount",
                                        "BuildDuration"};

std::vector<CounterValue> differences(const std::vector<CounterValue>& before,
                                      const std::vector<CounterValue>& now) {
  std::vector<CounterValue> all = now;
  for (std::size_t i = 0; i < std::min(before.size(), all.size()); ++i) {
    // A sum of ours may have a level in it and fall.
    all[i].value -= is_level(all[i].name) ? 0 : std::min(before[i].value, all[i].value);
  }
  return all;
}

}  // namespace

bool is_level(std::string_view counter) noexcept {
  return std::find(std::begin(kLevels), std::end(kLevels), counter) != std::end(kLevels);
}

CounterReading difference(const CounterReading& before, const CounterReading& now) {
  return {now.pid, now.at_us, differences(before.own, now.own),
          differences(before.cisco, now.cisco)};
}

Result<void> CounterMarks::set(const std::string& name, CounterReading reading) {
  if (name.empty() || name.size() > kMaxName || printable(name) != name) {
    return usage("the name of a mark has 1 to " + std::to_string(kMaxName) +
                 " characters that can be printed");
  }
  forget(name);
  if (marks_.size() == kMost) {
    marks_.pop_front();
  }
  marks_.push_back({name, std::move(reading)});
  return {};
}

Result<const CounterReading*> CounterMarks::find(const std::string& name, std::uint64_t pid) const {
  const auto found = std::ranges::find(marks_, name, &Mark::name);
  if (found == marks_.end()) {
    std::vector<std::string_view> known;
    for (const Mark& mark : marks_) {
      known.push_back(mark.name);
    }
    const std::string near = nearest_word(name, known);
    return refused("there is no mark '" + printable(excerpt(name)) + "'" +
                   (near.empty() ? "; set it with 'dialtone counters --mark', and again when "
                                   "dialtone-control was restarted"
                                 : "; did you mean '" + near + "'?"));
  }
  if (found->reading.pid != pid) {
    return refused("the dataplane was started anew since the mark '" + name +
                   "' was set, and counts from 0; set it again");
  }
  return &found->reading;
}

void CounterMarks::forget(const std::string& name) {
  std::erase_if(marks_, [&](const Mark& mark) { return mark.name == name; });
}

}  // namespace dialtone::daemon
