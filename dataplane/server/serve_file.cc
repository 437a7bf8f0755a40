// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/serve_file.h"

#include "dataplane/abi/name_verdict.h"
#include "dataplane/server/parked_requests.h"
#include "dataplane/server/refusal.h"
#include "dataplane/server/request_lookup.h"
#include "dataplane/server/timers.h"
#include "dataplane/tftp/message.h"

#include <algorithm>

namespace dialtone::server {
namespace {

constexpr std::string_view kOptionText = "An option may be given once only";
constexpr std::uint16_t kBadOption = 8;  // RFC 2347

// A request that is repeated from the same port: DATA 1 was lost, or the phone was reset, or the
// network doubled it and the phone goes on where it was.
void restart_session(WorkerState& worker, tftp::Session& session, const Packet& packet,
                     Micros now) noexcept {
  worker.count_request(packet, Counter::kRequestsRepeated);
  session.link_address = packet.peer.mac.bytes;
  session.vlan_tags = packet.peer.tags.bytes;
  worker.queues.remove(session);
  if (tftp::has_answered(session)) {
    worker.set_unanswered(worker.unanswered + 1);
  }
  session.clear(tftp::SessionFlag::kTooBig);  // its blocks are agreed on anew, and may fit now
  tftp::begin_again(session, now);
}

// The first answer: an OACK where an option was granted, else DATA 1.
void answer_first(WorkerState& worker, tftp::Session& session, const tftp::AskedOptions& asked,
                  const Packet& packet, Frame& frame, Micros now) noexcept {
  session.timeout_us = worker.timeout_us;
  session.clear(tftp::SessionFlag::kNetascii);
  if (packet.netascii) {
    tftp::begin_text(session);
    worker.counters.add(Counter::kRequestsNetascii);
  }
  tftp::negotiate(asked, worker.limits_for(packet.peer), session);
  if (session.has(tftp::SessionFlag::kOackPending)) {
    worker.send_oack(frame, session, packet.peer);
  } else {
    worker.send_block(frame, session, packet.peer, session.server_port);
  }
  worker.queues.wait(session, wait_of(worker, session), now);
}

tftp::Session* begin_session(WorkerState& worker, const abi::LiveImage& image, const Packet& packet,
                             std::size_t limit, Micros now) noexcept {
  tftp::Session* session =
      worker.begin_session(packet, *packet.file, image.slots[packet.file->segment], limit, now);
  if (session != nullptr && worker.answers_busy && worker.admission.has_limits() &&
      !worker.admission.is_proven(packet.peer.client, now)) {
    worker.count_unproven(*session);
  }
  return session;
}

// How long the first answer will be. Negotiated on a session that is thrown away: who is not
// admitted gets none.
std::size_t expected_size(const WorkerState& worker, const tftp::AskedOptions& asked,
                          const Packet& packet) noexcept {
  const std::uint64_t length = packet.file->record->length;
  if (!asked.any() && !packet.netascii) {
    return sizeof(tftp::Header) + std::min<std::uint64_t>(length, tftp::kPlainBlockSize);
  }
  tftp::Session session;
  session.length = length;
  if (packet.netascii) {
    session.set(tftp::SessionFlag::kNetascii);
  }
  tftp::negotiate(asked, worker.limits_for(packet.peer), session);
  return tftp::first_answer_size(session);
}

// `session`: the client's for this very file; null: one is to begin, when `limit` is not 0.
Admission::First admit_first(WorkerState& worker, const tftp::AskedOptions& asked,
                             const tftp::Session* session, const Packet& packet, std::size_t limit,
                             Micros now) noexcept {
  if (!worker.admission.has_limits() || (session != nullptr && tftp::has_answered(*session))) {
    return {};
  }
  const Admission::First first = worker.admission.admit_first(
      packet.peer.client, {expected_size(worker, asked, packet), packet.payload.size()},
      {session == nullptr, limit != 0, worker.unanswered,
       worker.answers_busy ? worker.max_sessions : worker.session_limit},
      now);
  worker.counters.set(Counter::kRequestsUnderAttack, worker.admission.under_attack());
  return first;
}

// There is no session for it, and the policy says so.
Answer tell_busy(WorkerState& worker, const abi::ErrorReply& busy, const Packet& packet,
                 Frame& frame, Arrival arrival, Micros now) noexcept {
  if (arrival == Arrival::kNewcomer) {
    worker.count_request(packet, Counter::kRequestsBusy);
    return refuse_briefly(worker, packet, frame, busy, now);
  }
  if (!may_refuse(worker, packet, text_of(busy), now)) {
    return Answer::kNone;
  }
  worker.count_request(packet, Counter::kRequestsBusy);
  return refuse(worker, packet, frame, busy.code, text_of(busy));
}

// There is none, and it may wait for one. No ERROR: it would make the phone give up, while its
// repeat in 4 s may find room.
Answer wait_for_session(WorkerState& worker, const Packet& packet, Arrival arrival,
                        Micros now) noexcept {
  if (arrival != Arrival::kNewcomer) {
    return Answer::kNoSession;
  }
  if (!park_for_session(worker, packet, now)) {
    worker.count_request(packet, DropReason::kSessionsExhausted);
  }
  return Answer::kNone;
}

// It is not admitted. `begins`: it is no repeat.
Answer turn_away(WorkerState& worker, const Packet& packet, DropReason reason, bool begins,
                 Arrival arrival, Micros now) noexcept {
  if (arrival != Arrival::kNewcomer) {
    return Answer::kNone;
  }
  if (begins && reason == DropReason::kFirstPackets && park_for_proof(worker, packet, now)) {
    end_transfer_before(worker, packet);
    return Answer::kNone;
  }
  return drop(worker, packet, reason);
}

// What the client has already, and how many sessions there may be for another one.
struct Standing {
  tftp::Session* before;  // its transfer from this port; nullptr: none
  bool repeats;           // the request is a copy of the one that began it
  std::size_t limit;      // 0: none may begin
};

Standing standing_of(WorkerState& worker, const Packet& packet, Arrival arrival,
                     Micros now) noexcept {
  tftp::Session* before = worker.sessions.find(packet.hash, packet.peer.client);
  if (before != nullptr && is_repeat_of(*before, packet)) {
    return {before, true, 0};
  }
  // Those that wait are before a newcomer, who gets one when there are more.
  const std::size_t ahead =
      arrival == Arrival::kNewcomer ? worker.lot.waiting(WaitsFor::kSession) : 0;
  return {before, false,
          worker.limit_for(packet.peer.client, ahead, before == nullptr ? 0 : 1, now)};
}

// The session of the transfer before, from its first packet on, or a new one; nullptr: there is
// none.
tftp::Session* take_session(WorkerState& worker, const abi::LiveImage& image, const Packet& packet,
                            const Standing& standing, tftp::Session* makes_way,
                            Micros now) noexcept {
  if (standing.repeats) {
    restart_session(worker, *standing.before, packet, now);
    return standing.before;
  }
  if (standing.before != nullptr) {
    worker.end_session(*standing.before, Counter::kTransfersReplaced);
  }
  if (makes_way != nullptr) {
    worker.end_session(*makes_way, Counter::kTransfersDisplaced);
  }
  return begin_session(worker, image, packet, standing.limit, now);
}

Answer serve(WorkerState& worker, const abi::LiveImage& image, const Packet& packet, Frame& frame,
             Arrival arrival, Micros now) noexcept {
  tftp::AskedOptions asked;
  if (!tftp::parse_options(packet.options, asked)) {
    worker.count_request(packet, Counter::kRequestsOptions);
    return refuse(worker, packet, frame, kBadOption, kOptionText);
  }
  const Standing standing = standing_of(worker, packet, arrival, now);
  // What gets no first packet takes none of its source's.
  if (!standing.repeats && standing.limit == 0 && worker.answers_busy) {
    return tell_busy(worker, image.view.policy().busy, packet, frame, arrival, now);
  }
  const tftp::Session* repeated = standing.repeats ? standing.before : nullptr;
  Admission::First first;
  if (arrival != Arrival::kAdmitted) {
    first = admit_first(worker, asked, repeated, packet, standing.limit, now);
    if (first.refused) {
      return turn_away(worker, packet, *first.refused, !standing.repeats, arrival, now);
    }
  }
  const bool had_data = repeated != nullptr && !repeated->has(tftp::SessionFlag::kOackPending);
  tftp::Session* session = take_session(worker, image, packet, standing, first.makes_way, now);
  if (session == nullptr) {
    return wait_for_session(worker, packet, arrival, now);
  }
  worker.counters.add(Counter::kRequestsProcessed);
  worker.counters.add(hits(packet.file->record->file_class));
  worker.counters.add(found(name_class(packet)));
  answer_first(worker, *session, asked, packet, frame, now);
  if (had_data && !session->has(tftp::SessionFlag::kOackPending)) {
    worker.count_copy(*session);
  }
  return Answer::kFile;
}

}  // namespace

// The session goes on with its bytes even when the file was replaced since it began: old and new
// transfer have the same two ports, so a late ACK of the old one would bring the client a part of
// the new one, and the request itself may be a late copy.
bool is_repeat_of(const tftp::Session& session, const Packet& packet) noexcept {
  if (session.has(tftp::SessionFlag::kNetascii) != packet.netascii) {
    return false;
  }
  if (session.record == packet.file->record) {  // the segment is pinned: an address is one file
    return true;
  }
  const std::string_view name{reinterpret_cast<const char*>(session.record + 1),
                              session.record->name_length};
  return name == packet.file->name();
}

Answer serve_file(WorkerState& worker, const abi::LiveImage& image, const Packet& packet,
                  Frame& frame, Arrival arrival, Micros now) noexcept {
  if (packet.file->kind == abi::Kind::kComposed) {
    worker.count_request(packet, Counter::kRequestsComposed);
    return refuse(worker, packet, frame, tftp::kNotDefined, abi::kComposedText);
  }
  return serve(worker, image, packet, frame, arrival, now);
}

}  // namespace dialtone::server
