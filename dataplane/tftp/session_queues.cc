// SPDX-License-Identifier: Apache-2.0
#include "dataplane/tftp/session_queues.h"

namespace dialtone::tftp {

SessionQueues::SessionQueues(TickRate rate) noexcept {
  Ticks base = rate.from_us(kMinTimeoutUs);
  for (std::size_t i = 0; i < kTimeouts; ++i) {
    queues_[i].base = base;
    base *= 4;
  }
}

void SessionQueues::set_due(Queue& queue) noexcept {
  queue.due = queue.head == nullptr ? kNever : queue.head->checked_at + queue.base / 4;
}

void SessionQueues::append(Session& session, std::size_t number, Ticks now) noexcept {
  Queue& queue = queues_[number];
  session.queue = static_cast<std::uint8_t>(number);
  session.checked_at = now;
  session.queue_previous = queue.tail;
  session.queue_next = nullptr;
  (queue.tail != nullptr ? queue.tail->queue_next : queue.head) = &session;
  queue.tail = &session;
  if (queue.head == &session) {
    set_due(queue);
  }
}

void SessionQueues::wait(Session& session, Ticks timeout, Ticks now) noexcept {
  std::size_t number = 0;
  while (number + 1 < kTimeouts && queues_[number + 1].base <= timeout) {
    ++number;
  }
  append(session, number, now);
}

void SessionQueues::make_ready(Session& session) noexcept {
  append(session, kReady, 0);
}

void SessionQueues::remove(Session& session) noexcept {
  Queue& queue = queues_[session.queue];
  (session.queue_previous != nullptr ? session.queue_previous->queue_next : queue.head) =
      session.queue_next;
  (session.queue_next != nullptr ? session.queue_next->queue_previous : queue.tail) =
      session.queue_previous;
  if (session.queue_previous == nullptr) {
    set_due(queue);
  }
}

Session* SessionQueues::any() const noexcept {
  for (const Queue& queue : queues_) {
    if (queue.head != nullptr) {
      return queue.head;
    }
  }
  return nullptr;
}

}  // namespace dialtone::tftp
