// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/transfer.h"

#include "dataplane/server/parked_requests.h"
#include "dataplane/server/prefetch.h"
#include "dataplane/server/timers.h"
#include "dataplane/tftp/message.h"

#include <cstring>

namespace dialtone::server {
namespace {

tftp::Header header_of(const Packet& packet) noexcept {
  tftp::Header header;
  std::memcpy(&header, packet.payload.data(), sizeof(header));
  return header;
}

Verdict drop(WorkerState& worker, DropReason reason) noexcept {
  worker.counters.add(reason);
  return Verdict::kDrop;
}

// The rest of a window is to be sent; or another timeout counts now: the agreed one after the ACK
// of an OACK, the single one after a doubled one.
void queue_again(WorkerState& worker, tftp::Session& session, Micros now) noexcept {
  if (tftp::may_send(session)) {
    worker.queues.remove(session);
    worker.queues.make_ready(session);
  } else {
    wait_again(worker, session, now);
  }
}

// A gateway has failed over, or a phone has moved to another port of its switch: copies have to go
// where it is now. Off the path of a transfer that goes well, which does not touch this line.
void follow_peer(tftp::Session& session, const Packet& packet) noexcept {
  session.link_address = packet.peer.mac.bytes;
  session.vlan_tags = packet.peer.tags.bytes;
}

Verdict answer_progress(WorkerState& worker, tftp::Session& session, bool was_late,
                        const Packet& packet, Frame& frame, Micros now) noexcept {
  worker.counters.add(Counter::kAcks);
  const bool sends = tftp::may_send(session);  // an early ACK of many may allow nothing new
  if (sends) {
    worker.send_block(frame, session, packet.peer, packet.server_port);
  } else {
    worker.counters.add(Counter::kAcksSilent);
  }
  if (session.window > 1 || session.acked == 0 || was_late) {
    follow_peer(session, packet);
    queue_again(worker, session, now);
  }
  return sends ? Verdict::kReply : Verdict::kDrop;
}

Verdict answer_ack(WorkerState& worker, tftp::Session& session, std::uint16_t number,
                   const Packet& packet, Frame& frame, Micros now) noexcept {
  const bool was_late = session.copies != 0;
  const bool was_repeated = session.has(tftp::SessionFlag::kRepeated);
  const bool had_answered = tftp::has_answered(session);
  std::uint32_t before = session.acked;
  const tftp::AckOutcome outcome = tftp::on_ack(session, number, now);
  if (!had_answered && tftp::has_answered(session)) {
    if (worker.note_answer(session, now)) {
      release_proven(worker, session.client);
    }
  }
  if (was_repeated && !session.has(tftp::SessionFlag::kRepeated)) [[unlikely]] {
    before = session.interrupted;  // it goes on from there
  }
  switch (outcome) {
    case tftp::AckOutcome::kAdvanced:
      worker.counters.add(Counter::kBlocksAcknowledged, session.acked - before);
      return answer_progress(worker, session, was_late, packet, frame, now);
    case tftp::AckOutcome::kFinished:
      worker.counters.add(Counter::kAcks);
      worker.counters.add(Counter::kBlocksAcknowledged, session.acked - before);
      worker.end_session(session, Counter::kTransfersCompleted);
      return Verdict::kDrop;
    case tftp::AckOutcome::kDuplicate:
      worker.counters.add(Counter::kAcksDuplicate);
      follow_peer(session, packet);
      return Verdict::kDrop;
    case tftp::AckOutcome::kFuture:
      worker.counters.add(Counter::kAcksFuture);
      return Verdict::kDrop;
  }
  return Verdict::kDrop;
}

// RFC 1350 section 4: a packet from elsewhere gets an ERROR and does not disturb the transfer. The
// port that a client's own hash names is where its transfer was, so a late packet there is no
// stranger's.
Verdict answer_stranger(WorkerState& worker, const abi::LiveImage* image, tftp::Opcode opcode,
                        const Packet& packet, Frame& frame, Micros now) noexcept {
  if (opcode == tftp::Opcode::kError) {
    return drop(worker, DropReason::kErrorIgnored);
  }
  if (opcode != tftp::Opcode::kAck) {
    return drop(worker, DropReason::kOpcode);
  }
  // The same whether a transfer is there or not: who could find the port of a forged request could
  // send its ACKs as well.
  if (image == nullptr || worker.sessions.tid().port(packet.hash) == packet.server_port ||
      !worker.stranger_errors.admit(now)) {
    return drop(worker, DropReason::kNoSession);
  }
  worker.send_error(frame, packet, image->view.policy().unknown_tid);
  return Verdict::kReply;
}

}  // namespace

tftp::Session* session_of(WorkerState& worker, const Packet& packet) noexcept {
  return worker.sessions.tid().port(packet.hash) == packet.server_port
             ? worker.sessions.find(packet.hash, packet.peer.client)
             : nullptr;
}

void find_session(WorkerState& worker, Packet& packet) noexcept {
  packet.session = session_of(worker, packet);
  if (packet.session == nullptr) {
    return;
  }
  const tftp::Session& session = *packet.session;
  const std::uint64_t sent = std::uint64_t{session.acked} + session.highest;
  const std::uint64_t offset = sent * session.block_size;
  if (offset <= session.length) {
    const bool has_sums = session.sums_at != 0 && session.block_size % abi::kSumUnit == 0;
    prefetch_block(session.content + offset, session.length - offset,
                   has_sums ? session.sums() + offset / abi::kSumUnit : nullptr,
                   session.block_size);
  }
}

Verdict end_unreachable(WorkerState& worker, const Packet& packet) noexcept {
  tftp::Session* session = session_of(worker, packet);
  if (session == nullptr) {
    return drop(worker, DropReason::kIcmp);
  }
  worker.end_session(*session, Counter::kTransfersUnreachable);
  return Verdict::kDrop;
}

Verdict answer_transfer(WorkerState& worker, const abi::LiveImage* image, const Packet& packet,
                        Frame& frame, Micros now) noexcept {
  const tftp::Header header = header_of(packet);
  const auto opcode = static_cast<tftp::Opcode>(header.opcode.host());
  tftp::Session* session = packet.session;
  // An earlier packet of the burst may have ended or begun it.
  if (session == nullptr || session->client != packet.peer.client) {
    session = session_of(worker, packet);
  }
  if (session == nullptr) {
    return answer_stranger(worker, image, opcode, packet, frame, now);
  }
  if (opcode == tftp::Opcode::kAck) {
    return answer_ack(worker, *session, header.number.host(), packet, frame, now);
  }
  if (opcode == tftp::Opcode::kError) {
    worker.end_session(*session, Counter::kTransfersAborted);
    return Verdict::kDrop;
  }
  return drop(worker, DropReason::kOpcode);
}

}  // namespace dialtone::server
