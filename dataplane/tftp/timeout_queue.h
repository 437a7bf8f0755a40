// SPDX-License-Identifier: Apache-2.0
//
// All live sessions in the order in which they were last looked at: one intrusive FIFO serves the
// one timeout value. An ACK does not touch it; it writes Session::progress_at, and the session is
// re-armed when its turn comes. Each session is looked at kLooksPerTimeout times in a timeout, so a
// retransmission is late by at most that part of it.
//
// O(1) for each operation, no allocation; one worker.
#pragma once

#include "dataplane/base/tsc_clock.h"
#include "dataplane/tftp/session.h"

namespace dialtone::tftp {

inline constexpr Ticks kLooksPerTimeout = 4;

class TimeoutQueue {
 public:
  Session* head() const noexcept { return head_; }

  void push_back(Session& session, Ticks now) noexcept {
    session.checked_at = now;
    session.timer_previous = tail_;
    session.timer_next = nullptr;
    (tail_ != nullptr ? tail_->timer_next : head_) = &session;
    tail_ = &session;
  }

  void remove(Session& session) noexcept {
    (session.timer_previous != nullptr ? session.timer_previous->timer_next : head_) =
        session.timer_next;
    (session.timer_next != nullptr ? session.timer_next->timer_previous : tail_) =
        session.timer_previous;
  }

  void move_to_back(Session& session, Ticks now) noexcept {
    remove(session);
    push_back(session, now);
  }

  // True when it is the turn of `session` (and of everything before it) to be looked at.
  static bool is_due(const Session& session, Ticks now, Ticks timeout) noexcept {
    return now - session.checked_at >= timeout / kLooksPerTimeout;
  }
  // True when nothing moved the transfer on for a timeout.
  static bool is_expired(const Session& session, Ticks now, Ticks timeout) noexcept {
    return now - session.progress_at >= timeout;
  }

 private:
  Session* head_ = nullptr;
  Session* tail_ = nullptr;
};

}  // namespace dialtone::tftp
