// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/timers.h"

#include "dataplane/server/last_wait.h"

#include <algorithm>

namespace dialtone::server {
namespace {

// Sessions looked at in one call: it keeps a burst waiting for some microseconds at most. What is
// left comes in the next turn of the loop.
constexpr std::size_t kMaxLooks = 128;

// A wait is doubled up to here; the first, which a client may ask for, can be longer.
constexpr std::uint64_t kMaxWaitUs = 60'000'000;

// How long the next wait is without a bound.
std::uint64_t doubled_us(const WorkerState& worker, const tftp::Session& session) noexcept {
  // What an OACK says is agreed on only when it is acknowledged.
  const std::uint64_t us = session.has(tftp::SessionFlag::kOackPending)
                               ? std::min(session.timeout_us, worker.timeout_us)
                               : session.timeout_us;
  return us << session.copies;
}

bool has_had_all(const WorkerState& worker, const tftp::Session& session) noexcept {
  return session.copies >= (tftp::has_answered(session) ? worker.retransmits : worker.first_copies);
}

// After the policy's number of copies; or after one where a long timeout was agreed on, since a
// session keeps its segment mapped.
bool is_hopeless(const WorkerState& worker, const tftp::Session& session) noexcept {
  return has_had_all(worker, session) ||
         (session.copies != 0 && doubled_us(worker, session) > kMaxWaitUs);
}

// Nobody may want what an unanswered session sends: its address can be forged.
bool may_copy(WorkerState& worker, const tftp::Session& session, Micros now) noexcept {
  if (tftp::has_answered(session) || !worker.admission.has_limits()) {
    return true;
  }
  // The request's size is not kept; with this name it was no shorter.
  const std::size_t request = tftp::kMinRequest + session.record->name_length;
  return worker.admission.admit_copy(session.client, {tftp::first_answer_size(session), request},
                                     session.copies, now);
}

}  // namespace

std::uint64_t wait_of(const WorkerState& worker, const tftp::Session& session) noexcept {
  const std::uint64_t us = std::min(doubled_us(worker, session),
                                    std::max<std::uint64_t>(session.timeout_us, kMaxWaitUs));
  return us < kLastWaitUs && !tftp::has_answered(session) && has_had_all(worker, session)
             ? kLastWaitUs
             : us;
}

void wait_again(WorkerState& worker, tftp::Session& session, Micros now) noexcept {
  worker.queues.remove(session);
  worker.queues.wait(session, wait_of(worker, session), now);
}

void run_timers(WorkerState& worker, Micros now) noexcept {
  for (std::size_t looks = 0; looks < kMaxLooks; ++looks) {
    tftp::Session* session = worker.queues.due(now);
    if (session == nullptr) {
      return;
    }
    if (tftp::elapsed_us(session->progress_us, now) < wait_of(worker, *session)) {
      wait_again(worker, *session, now);
      continue;
    }
    if (is_hopeless(worker, *session)) {
      worker.end_session(*session, Counter::kTransfersTimedOut);
      continue;
    }
    if (!may_copy(worker, *session, now)) {
      worker.counters.add(Counter::kCopiesWithheld);
      tftp::skip_copy(*session, now);
      wait_again(worker, *session, now);
      continue;
    }
    tftp::on_timeout(*session, now);
    worker.queues.remove(*session);
    worker.queues.make_ready(*session);
  }
}

}  // namespace dialtone::server
