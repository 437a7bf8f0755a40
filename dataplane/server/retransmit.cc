// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/retransmit.h"

namespace dialtone::server {
namespace {

// Sessions looked at in one call. It keeps a burst waiting for some microseconds at most, and at
// one call a turn of the loop it is far above what any table needs.
constexpr std::size_t kMaxLooks = 128;

// Goes over the sessions whose turn it is: re-arms the active ones, ends the exhausted ones, and
// calls `resend` for each that needs a copy until it has had `limit` of them.
template <typename Resend>
std::size_t visit_due(WorkerState& worker, Ticks now, std::size_t limit, Resend resend) noexcept {
  std::size_t resent = 0;
  tftp::Session* session = worker.timeouts.head();
  for (std::size_t looks = 0; looks < kMaxLooks && resent < limit; ++looks) {
    if (session == nullptr || !tftp::TimeoutQueue::is_due(*session, now, worker.timeout)) {
      break;
    }
    tftp::Session* next = session->timer_next;
    if (!tftp::TimeoutQueue::is_expired(*session, now, worker.timeout)) {
      worker.timeouts.move_to_back(*session, now);
    } else if (session->copies >= worker.retransmits) {
      worker.counters.add(Counter::kTransfersTimedOut);
      worker.end_session(*session);
    } else {
      resend(*session);
      ++resent;
    }
    session = next;
  }
  return resent;
}

}  // namespace

std::size_t count_due(WorkerState& worker, Ticks now) noexcept {
  return visit_due(worker, now, kMaxBurst, [](tftp::Session&) noexcept {});
}

std::size_t retransmit(WorkerState& worker, Ticks now, std::span<Frame> out) noexcept {
  std::size_t used = 0;
  return visit_due(worker, now, out.size(), [&](tftp::Session& session) noexcept {
    worker.send_block(out[used++], session, {{session.link_address}, session.client});
    worker.counters.add(Counter::kDataRetransmitted);
    tftp::on_timeout(session, now);
    worker.timeouts.move_to_back(session, now);
  });
}

}  // namespace dialtone::server
