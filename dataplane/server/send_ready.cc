// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/send_ready.h"

#include "dataplane/server/drain.h"
#include "dataplane/server/timers.h"
#include "dataplane/server/too_big.h"

#include <algorithm>

namespace dialtone::server {
namespace {

std::uint64_t frames_of(const WorkerState& worker, const tftp::Session& session) noexcept {
  if (session.has(tftp::SessionFlag::kOackPending) || is_drained(worker, session) ||
      is_blocked(session)) {
    return 1;
  }
  if (!tftp::may_send(session)) {
    return 0;
  }
  if (session.has(tftp::SessionFlag::kNetascii)) {
    return 1;  // its window is one block, and its length is not that of the file
  }
  const std::uint64_t next = std::uint64_t{session.acked} + session.sent;  // blocks before it
  const std::uint64_t left = session.length / session.block_size + 1 - next;
  return std::min<std::uint64_t>(session.window - session.sent, left);
}

void send_one(WorkerState& worker, Frame& frame, tftp::Session& session) noexcept {
  const Peer peer{{session.link_address}, {session.vlan_tags}, session.client};
  if (session.has(tftp::SessionFlag::kOackPending)) {
    worker.send_oack(frame, session, peer);
  } else {
    worker.send_block(frame, session, peer, session.server_port);
  }
}

}  // namespace

std::size_t count_ready(WorkerState& worker, Micros now) noexcept {
  std::size_t count = 0;
  tftp::Session* session = worker.queues.first_ready();
  while (session != nullptr && count < kMaxBurst) {
    tftp::Session* next = worker.queues.behind(*session);
    const std::uint64_t frames = frames_of(worker, *session);
    if (frames == 0) {
      wait_again(worker, *session, now);  // an ACK came before its copy went out
    }
    count += frames;
    session = next;
  }
  return std::min(count, kMaxBurst);
}

std::size_t send_ready(WorkerState& worker, Micros now, std::span<Frame> out) noexcept {
  std::size_t used = 0;
  while (tftp::Session* session = worker.queues.first_ready()) {
    const std::uint64_t frames = frames_of(worker, *session);
    if (frames != 0) {
      if (used == out.size()) {
        break;
      }
      if (is_drained(worker, *session)) [[unlikely]] {
        end_drained(worker, out[used++], *session);
        continue;
      }
      if (is_blocked(*session)) [[unlikely]] {
        end_blocked(worker, out[used++], *session);
        continue;
      }
      send_one(worker, out[used++], *session);
    }
    if (frames > 1) {
      worker.queues.remove(*session);
      worker.queues.make_ready(*session);
    } else {
      wait_again(worker, *session, now);
    }
  }
  return used;
}

}  // namespace dialtone::server
