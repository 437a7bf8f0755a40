// SPDX-License-Identifier: Apache-2.0
#include "dataplane/tftp/session_queues.h"

namespace dialtone::tftp {

SessionQueues::SessionQueues(Session* sessions) noexcept : sessions_(sessions) {
  std::uint32_t base = kMinTimeoutUs;
  for (std::size_t i = 0; i < kTimeouts; ++i) {
    queues_[i].base_us = base;
    base *= 4;
  }
}

void SessionQueues::set_due(Queue& queue) const noexcept {
  const Session* head = at(queue.head);
  queue.due =
      head == nullptr ? kNever : now_ - elapsed_us(head->checked_us, now_) + queue.base_us / 4;
}

void SessionQueues::append(Session& session, std::size_t number) noexcept {
  Queue& queue = queues_[number];
  const auto index = static_cast<SessionIndex>(&session - sessions_);
  session.queue = static_cast<std::uint8_t>(number);
  session.checked_us = static_cast<std::uint32_t>(now_);
  session.queue_previous = queue.tail;
  session.queue_next = kNoSession;
  (queue.tail != kNoSession ? sessions_[queue.tail].queue_next : queue.head) = index;
  queue.tail = index;
  if (queue.head == index && number != kReady) {
    set_due(queue);
  }
}

void SessionQueues::wait(Session& session, std::uint64_t timeout_us, Micros now) noexcept {
  now_ = now;
  append(session, number_for(timeout_us));
}

void SessionQueues::make_ready(Session& session) noexcept {
  append(session, kReady);
}

void SessionQueues::remove(Session& session) noexcept {
  Queue& queue = queues_[session.queue];
  (session.queue_previous != kNoSession ? sessions_[session.queue_previous].queue_next
                                        : queue.head) = session.queue_next;
  (session.queue_next != kNoSession ? sessions_[session.queue_next].queue_previous : queue.tail) =
      session.queue_previous;
  if (session.queue_previous == kNoSession && session.queue != kReady) {
    set_due(queue);
  }
}

Session* SessionQueues::any() const noexcept {
  for (const Queue& queue : queues_) {
    if (queue.head != kNoSession) {
      return at(queue.head);
    }
  }
  return nullptr;
}

}  // namespace dialtone::tftp
