// SPDX-License-Identifier: Apache-2.0
//
// Answers the names that workers ask for. One that is in the image, or comes into it soon, is
// answered by the generation that brings it; for one that is not there after `patience`, a
// tombstone is published: many in one generation, and not more than a few generations a second,
// whatever is asked for. One thread.
//
// The rings are looked at every few milliseconds while a dataplane is connected. A worker makes no
// system call, so it cannot wake us; and the dataplane's housekeeper would have to look as often,
// to save nothing.
#pragma once

#include "control/image/file_table.h"
#include "control/publish/publisher.h"

#include <chrono>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace dialtone::daemon {

class MissResolver {
 public:
  using Clock = std::chrono::steady_clock;

  // `publisher` outlives this. Not `enabled`: nobody asks, and nothing is looked at.
  MissResolver(publish::Publisher& publisher, bool enabled, std::chrono::milliseconds patience)
      : publisher_(publisher), enabled_(enabled), patience_(patience) {}

  // When to call the next two, even if nothing else happens.
  Clock::time_point due() const noexcept;

  // Reads what is asked for. True: somebody waits, so what is new should be looked for now.
  bool take(Clock::time_point now);

  // What is in `files` has its answer. The rest is absent when its time is over, if that
  // `is_certain`: everything that could bring it has been looked at. True: there is something to
  // publish.
  // `may_come`, of a name: it is being made.
  bool settle(const image_build::FileTable& files, bool is_certain, Clock::time_point now,
              const std::function<bool(const std::string&)>& may_come);

  std::size_t pending() const noexcept { return pending_.size(); }

 private:
  publish::Publisher& publisher_;
  bool enabled_;
  Clock::duration patience_;
  std::unordered_map<std::string, Clock::time_point> pending_;  // since when
  std::vector<abi::Miss> taken_;
  Clock::time_point next_take_;
  Clock::time_point next_generation_;
};

}  // namespace dialtone::daemon
