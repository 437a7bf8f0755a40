// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/drain.h"

#include "dataplane/tftp/transfer.h"

namespace dialtone::server {
namespace {

// In one call: some microseconds. A million sessions are looked through within a second.
constexpr std::size_t kMaxLooks = 64;
// Made ready in one call: less than a burst, so that the windows of others go on.
constexpr std::size_t kMaxFound = 8;

constexpr std::string_view kText = "This file was replaced long ago: ask for it again";

}  // namespace

void look_for_drained(WorkerState& worker, std::uint16_t slot) noexcept {
  worker.drained_slot = slot;
  if (slot == abi::kNoSlot || worker.pins.count(slot) == 0) [[likely]] {
    return;
  }
  std::size_t found = 0;
  for (std::size_t looks = 0; looks < kMaxLooks && found < kMaxFound; ++looks) {
    tftp::Session& session = worker.sessions.base()[worker.drain_place];
    if (++worker.drain_place == worker.sessions.places()) {
      worker.drain_place = 0;
    }
    if (!session.is_live() || session.slot != slot) {
      continue;
    }
    ++found;
    if (tftp::has_answered(session)) {
      worker.queues.remove(session);
      worker.queues.make_ready(session);
    } else {
      // It may be the victim of a forged address; and a phone repeats its request.
      worker.end_session(session, Counter::kTransfersDrained);
    }
  }
}

void end_drained(WorkerState& worker, Frame& frame, tftp::Session& session) noexcept {
  worker.end_told(frame, session, kText, Counter::kTransfersDrained);
}

}  // namespace dialtone::server
