// SPDX-License-Identifier: Apache-2.0
//
// Every live session waits in one of these FIFOs: the ready one, when there is something to send
// that no packet of its client carries out (the rest of a window, a copy), else one for the length
// of its timeout. A timeout queue holds the sessions of one to four times its base, in the order in
// which they were last looked at. An ACK does not touch it; it writes Session::progress_us, and the
// session is re-armed when its turn comes. Each is looked at four times in its queue's base, so a
// copy is late by at most a quarter of its timeout.
//
// O(1) for each operation, no allocation; one worker.
#pragma once

#include "dataplane/base/tsc_clock.h"
#include "dataplane/tftp/session.h"

#include <array>
#include <cstddef>
#include <limits>

namespace dialtone::tftp {

class SessionQueues {
 public:
  // `sessions`: what the links between sessions count from.
  explicit SessionQueues(Session* sessions) noexcept;

  // Puts a session that is in none behind those whose timeout is about as long.
  void wait(Session& session, std::uint64_t timeout_us, Micros now) noexcept;
  // The same for one that is to send.
  void make_ready(Session& session) noexcept;
  void remove(Session& session) noexcept;

  Session* first_ready() const noexcept { return at(queues_[kReady].head); }
  Session* behind(const Session& session) const noexcept { return at(session.queue_next); }

  // A waiting session whose turn it is to be looked at; null: none. It stays due until it is moved.
  // The queues take turns, so that many short timeouts hold up no long one.
  Session* due(Micros now) noexcept {
    now_ = now;
    for (std::size_t i = 0; i < kTimeouts; ++i) {
      const std::size_t number = (turn_ + i) % kTimeouts;
      if (now >= queues_[number].due) {
        turn_ = number + 1;
        return at(queues_[number].head);
      }
    }
    return nullptr;
  }

  // Of the next kOldestOf whose turn comes among those with such a timeout, as far as `is_wanted`:
  // the one that has stood still for longest; null: none. They stand in the order in which they
  // were last looked at, which is not that of their age; but of so many one is old.
  static constexpr std::size_t kOldestOf = 8;
  template <typename Predicate>
  Session* oldest_of_next(std::uint64_t timeout_us, Micros now,
                          Predicate is_wanted) const noexcept {
    Session* oldest = nullptr;
    std::uint32_t longest = 0;
    Session* session = at(queues_[number_for(timeout_us)].head);
    for (std::size_t looks = 0; session != nullptr && looks < kOldestOf; ++looks) {
      const std::uint32_t stood = elapsed_us(session->progress_us, now);
      if ((oldest == nullptr || stood > longest) && is_wanted(*session)) {
        oldest = session;
        longest = stood;
      }
      session = behind(*session);
    }
    return oldest;
  }

  // Any live session; null: none.
  Session* any() const noexcept;

 private:
  // Bases of 10 ms, 40 ms, ... 41 s: what can be agreed on is 10 ms to 255 s.
  static constexpr std::size_t kTimeouts = 7;
  static constexpr std::size_t kReady = kTimeouts;
  static constexpr Micros kNever = std::numeric_limits<Micros>::max();

  struct Queue {
    Micros due = kNever;  // when the head's turn comes
    std::uint32_t base_us = 0;
    SessionIndex head = kNoSession;
    SessionIndex tail = kNoSession;
  };

  Session* at(SessionIndex index) const noexcept {
    return index == kNoSession ? nullptr : &sessions_[index];
  }
  std::size_t number_for(std::uint64_t timeout_us) const noexcept {
    std::size_t number = 0;
    while (number + 1 < kTimeouts && queues_[number + 1].base_us <= timeout_us) {
      ++number;
    }
    return number;
  }
  void append(Session& session, std::size_t number) noexcept;
  void set_due(Queue& queue) const noexcept;

  Session* sessions_;
  Micros now_ = 0;  // the latest that was heard of
  std::array<Queue, kTimeouts + 1> queues_;
  std::size_t turn_ = 0;
};

}  // namespace dialtone::tftp
