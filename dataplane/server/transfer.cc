// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/transfer.h"

#include "dataplane/server/prefetch.h"
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

Verdict answer_ack(WorkerState& worker, tftp::Session& session, std::uint16_t number,
                   const Packet& packet, Frame& frame, Ticks now) noexcept {
  switch (tftp::on_ack(session, number, now)) {
    case tftp::AckOutcome::kAdvanced:
      worker.counters.add(Counter::kAcks);
      worker.send_block(frame, session, packet.peer);
      return Verdict::kReply;
    case tftp::AckOutcome::kFinished:
      worker.counters.add(Counter::kAcks);
      worker.counters.add(Counter::kTransfersCompleted);
      worker.end_session(session);
      return Verdict::kDrop;
    case tftp::AckOutcome::kDuplicate:
      worker.counters.add(Counter::kAcksDuplicate);
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
                        const Packet& packet, Frame& frame) noexcept {
  if (opcode == tftp::Opcode::kError) {
    return drop(worker, DropReason::kErrorIgnored);
  }
  if (opcode != tftp::Opcode::kAck) {
    return drop(worker, DropReason::kOpcode);
  }
  if (image == nullptr || !worker.sessions.is_used(packet.bucket) ||
      worker.sessions.bucket_of(packet.peer.client) == packet.bucket) {
    return drop(worker, DropReason::kNoSession);
  }
  worker.send_error(frame, packet, image->view.policy().unknown_tid);
  return Verdict::kReply;
}

}  // namespace

void find_session(WorkerState& worker, Packet& packet) noexcept {
  packet.session = worker.sessions.find(packet.bucket, packet.peer.client);
  if (packet.session == nullptr) {
    return;
  }
  const tftp::Session& session = *packet.session;
  if (session.block < tftp::last_block(session.length)) {
    const tftp::Block next = tftp::block_at(session, session.block + 1);
    prefetch_block(next.content.data(), next.sum);
  }
}

Verdict answer_transfer(WorkerState& worker, const abi::LiveImage* image, const Packet& packet,
                        Frame& frame, Ticks now) noexcept {
  const tftp::Header header = header_of(packet);
  const auto opcode = static_cast<tftp::Opcode>(header.opcode.host());
  tftp::Session* session = packet.session;
  // An earlier packet of the burst may have ended or begun it.
  if (session == nullptr || session->client != packet.peer.client) {
    session = worker.sessions.find(packet.bucket, packet.peer.client);
  }
  if (session == nullptr) {
    return answer_stranger(worker, image, opcode, packet, frame);
  }
  if (opcode == tftp::Opcode::kAck) {
    return answer_ack(worker, *session, header.number.host(), packet, frame, now);
  }
  if (opcode == tftp::Opcode::kError) {
    worker.counters.add(Counter::kTransfersAborted);
    worker.end_session(*session);
    return Verdict::kDrop;
  }
  return drop(worker, DropReason::kOpcode);
}

}  // namespace dialtone::server
