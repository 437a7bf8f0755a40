// SPDX-License-Identifier: Apache-2.0
//
// Every live session waits in one of these FIFOs: the ready one, when there is something to send
// that no packet of its client carries out (the rest of a window, a copy), else one for the length
// of its timeout. A timeout queue holds the sessions of one to four times its base, in the order in
// which they were last looked at. An ACK does not touch it; it writes Session::progress_at, and the
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
  explicit SessionQueues(TickRate rate) noexcept;

  // Puts a session that is in none behind those whose timeout is about as long.
  void wait(Session& session, Ticks timeout, Ticks now) noexcept;
  // The same for one that is to send.
  void make_ready(Session& session) noexcept;
  void remove(Session& session) noexcept;

  Session* first_ready() const noexcept { return queues_[kReady].head; }

  // A waiting session whose turn it is to be looked at; null: none. It stays due until it is moved.
  // The queues take turns, so that many short timeouts hold up no long one.
  Session* due(Ticks now) noexcept {
    for (std::size_t i = 0; i < kTimeouts; ++i) {
      const std::size_t number = (turn_ + i) % kTimeouts;
      if (now >= queues_[number].due) {
        turn_ = number + 1;
        return queues_[number].head;
      }
    }
    return nullptr;
  }

  // Any live session; null: none.
  Session* any() const noexcept;

 private:
  // Bases of 10 ms, 40 ms, ... 41 s: what can be agreed on is 10 ms to 255 s.
  static constexpr std::size_t kTimeouts = 7;
  static constexpr std::size_t kReady = kTimeouts;
  static constexpr Ticks kNever = std::numeric_limits<Ticks>::max();

  struct Queue {
    Ticks due = kNever;  // when the head's turn comes
    Ticks base = 0;
    Session* head = nullptr;
    Session* tail = nullptr;
  };

  void append(Session& session, std::size_t number, Ticks now) noexcept;
  static void set_due(Queue& queue) noexcept;

  std::array<Queue, kTimeouts + 1> queues_;
  std::size_t turn_ = 0;
};

}  // namespace dialtone::tftp
