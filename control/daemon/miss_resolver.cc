// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/miss_resolver.h"

#include <utility>

namespace dialtone::daemon {
namespace {

using std::chrono::milliseconds;

// A client waits for so much longer at most.
constexpr milliseconds kLook{5};
constexpr std::size_t kMostTaken = 1024;  // in one look
// Names that are waited for at a time; what is above is not found when the client's time is over.
constexpr std::size_t kMostPending = abi::kMaxTombstones;
// A phone asks for a file that it can do without at each start: it should not wait for it twice.
constexpr milliseconds kAbsentFor{10000};
// Between generations that bring nothing but tombstones.
constexpr milliseconds kBetweenGenerations{200};

}  // namespace

MissResolver::Clock::time_point MissResolver::due() const noexcept {
  return enabled_ && publisher_.hello() != nullptr ? next_take_ : Clock::time_point::max();
}

bool MissResolver::take(Clock::time_point now) {
  if (!enabled_ || publisher_.hello() == nullptr) {
    pending_.clear();  // who asked is answered by another dataplane, or not found by now
    return false;
  }
  if (now >= next_take_) {
    next_take_ = now + kLook;
    taken_.clear();
    publisher_.take_misses(taken_, kMostTaken);
    for (abi::Miss& miss : taken_) {
      if (pending_.size() < kMostPending) {
        pending_.try_emplace(std::move(miss.name), now);
      }
    }
  }
  return !pending_.empty();
}

bool MissResolver::settle(const image_build::FileTable& files, bool is_certain,
                          Clock::time_point now,
                          const std::function<bool(const std::string&)>& may_come) {
  const bool may_say = is_certain && now >= next_generation_;
  bool said = false;
  std::erase_if(pending_, [&](const auto& pending) {
    const auto& [name, since] = pending;
    if (files.find(name) != nullptr) {
      return true;
    }
    if (may_come(name) || !may_say || now < since + patience_) {
      return false;
    }
    publisher_.say_absent(name, now + kAbsentFor);
    said = true;
    return true;
  });
  if (said) {
    next_generation_ = now + kBetweenGenerations;
  }
  return said;
}

}  // namespace dialtone::daemon
