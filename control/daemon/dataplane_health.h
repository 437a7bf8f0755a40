// SPDX-License-Identifier: Apache-2.0
//
// What is wrong with the dataplane, by the counters that it shares, for `dialtone status`: looked
// at once a second, so that a warning can say since when and how often, and one of the past goes
// away a minute later (of a narrow link, ten). It is the reader that compares: a dataplane that
// stands still says nothing itself. Time comes in as a value. One thread.
#pragma once

#include "control/publish/publisher.h"
#include "dataplane/abi/counters_page.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace dialtone::daemon {

class DataplaneHealth {
 public:
  using Clock = std::chrono::steady_clock;

  static constexpr std::chrono::seconds kBetweenLooks{1};
  // Two looks without a turn in between. A worker's longest sleep is 100 ms.
  static constexpr std::chrono::milliseconds kStuckAfter{1500};
  // A link comes up some time after its interface, as at every start.
  static constexpr std::chrono::seconds kLinkSettles{2};
  static constexpr std::chrono::seconds kRemembered{60};
  // As long as the dataplane keeps what a router said of a client's link, so that it is not asked.
  static constexpr std::chrono::seconds kNarrowRemembered{600};
  // What the network costs now and then is no warning: fewer in a minute than this, nor of frames
  // less than one in so many. A phone that boots has 500, and waits for seconds for a lost one.
  static constexpr std::uint64_t kFewest = 10;
  static constexpr std::uint64_t kFrames = 1000;

  // As often as the caller likes. Without a dataplane it forgets the one before.
  void look(const publish::Publisher& publisher, Clock::time_point now);
  // When the next look is worth while; the end of time without a dataplane.
  Clock::time_point due() const noexcept { return pid_ ? next_ : Clock::time_point::max(); }

  // As of the last look: no worker has a session for a client that it does not know.
  bool is_full() const noexcept;
  // As of the last look: what, since when or how often, and the cure.
  std::vector<std::string> warnings() const;

 private:
  // Counts whose rise is told.
  enum Count : std::size_t {
    kBusy,
    kExhausted,
    kConflicts,
    kAttack,
    kUnanswered,
    kTooBig,
    kSourceRate,
    kPrefixRate,
    kFirstPackets,
    kReceived,
    kMissed,
    kNoBuffer,
    kBroken,
    kNotTransmitted,
    kNotTaken,
    kCounts
  };
  struct Reading {
    Clock::time_point at;
    std::array<std::uint64_t, kCounts> counts;
  };
  struct Worker {
    std::uint64_t beat = 0;
    Clock::time_point moved;  // when it was first seen with that beat
    std::uint64_t sessions = 0;
    std::uint64_t limit = 0;

    bool is_full() const noexcept { return limit != 0 && sessions >= limit; }
  };

  // `is_on`: nobody has ordered that the service be stopped.
  void read(const abi::CountersView& view, bool is_on, Clock::time_point now);
  // By how much it has risen within that time.
  std::uint64_t recent(Count count, std::chrono::seconds within = kRemembered) const noexcept;
  std::string ago(Clock::time_point then) const;  // "12 s"
  void warn_of_stop(std::vector<std::string>& texts) const;
  void warn_of_workers(std::vector<std::string>& texts) const;
  void warn_of_sessions(std::vector<std::string>& texts) const;
  void warn_of_attack(std::vector<std::string>& texts) const;
  // network_warnings.cc
  void warn_of_link(std::vector<std::string>& texts) const;
  void warn_of_losses(std::vector<std::string>& texts) const;
  void warn_of_rates(std::vector<std::string>& texts) const;
  void warn_of_narrow_links(std::vector<std::string>& texts) const;
  void warn_of_addresses(std::vector<std::string>& texts) const;

  std::optional<std::uint64_t> pid_;  // of the dataplane that all this is of
  Clock::time_point next_;
  Clock::time_point seen_;  // the last look
  std::string trouble_;     // why its counters cannot be read; empty: they can
  std::vector<Worker> workers_;
  std::uint64_t waiting_ = 0;         // requests, now
  std::uint64_t addresses_lost_ = 0;  // now
  std::deque<Reading> readings_;      // of kNarrowRemembered
  std::optional<Clock::time_point> full_since_;
  std::optional<Clock::time_point> last_full_;
  std::optional<Clock::time_point> attacked_since_;
  std::optional<Clock::time_point> link_down_since_;
  std::optional<Clock::time_point> lost_since_;
  std::optional<Clock::time_point> stopping_since_;
};

}  // namespace dialtone::daemon
