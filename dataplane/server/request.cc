// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/request.h"

#include "dataplane/abi/client_prefixes.h"
#include "dataplane/server/parked_requests.h"
#include "dataplane/server/request_lookup.h"
#include "dataplane/server/timers.h"
#include "dataplane/tftp/message.h"

#include <algorithm>
#include <cstring>

namespace dialtone::server {
namespace {

constexpr std::string_view kModeText = "Only octet and netascii are served";
constexpr std::string_view kComposedText = "This server version cannot compose this file";
constexpr std::string_view kOptionText = "An option may be given once only";
constexpr std::string_view kDeniedText = "Not allowed";
constexpr std::uint16_t kNotDefined = 0;  // RFC 1350: see error message
constexpr std::uint16_t kBadOption = 8;   // RFC 2347

void replace_session(WorkerState& worker, tftp::Session& session) noexcept {
  worker.end_session(session, Counter::kTransfersReplaced);
}

// Of a request that is not counted yet.
Verdict drop(WorkerState& worker, const Packet& packet, DropReason reason) noexcept {
  worker.count_request(packet, reason);
  return Verdict::kDrop;
}

// The client that asks for something else has given up the transfer before. Were it to go on, its
// DATA would follow the ERROR from the same TID.
void end_transfer_before(WorkerState& worker, const Packet& packet) noexcept {
  if (tftp::Session* old = worker.sessions.find(packet.hash, packet.peer.client)) {
    replace_session(worker, *old);
  }
}

Verdict refuse(WorkerState& worker, const Packet& packet, Frame& frame, std::uint16_t code,
               std::string_view text) noexcept {
  end_transfer_before(worker, packet);
  worker.send_error(frame, packet, code, text);
  return Verdict::kReply;
}

Verdict refuse(WorkerState& worker, const Packet& packet, Frame& frame,
               const abi::ErrorReply& reply) noexcept {
  return refuse(worker, packet, frame, reply.code, text_of(reply));
}

Verdict refuse_name(WorkerState& worker, const abi::Policy& policy, const Packet& packet,
                    Frame& frame) noexcept {
  worker.count_request(packet, Counter::kRequestsNotFound);
  if (packet.request == RequestKind::kRead) {
    worker.counters.add(not_found(name_class(packet)));
  }
  return refuse(worker, packet, frame, policy.not_found);
}

// For a request that may be shorter than the text that it gets.
Verdict refuse_briefly(WorkerState& worker, const Packet& packet, Frame& frame, std::uint16_t code,
                       std::string_view text, Micros now) noexcept {
  if (!worker.admission.admit_error(packet.peer.client,
                                    {tftp::error_size(text), packet.payload.size()}, now)) {
    worker.counters.add(DropReason::kLargeError);  // what was wrong with it is counted already
    return Verdict::kDrop;
  }
  return refuse(worker, packet, frame, code, text);
}

Verdict refuse_briefly(WorkerState& worker, const Packet& packet, Frame& frame,
                       const abi::ErrorReply& reply, Micros now) noexcept {
  return refuse_briefly(worker, packet, frame, reply.code, text_of(reply), now);
}

Verdict deny(WorkerState& worker, const abi::Policy& policy, const Packet& packet, Frame& frame,
             Micros now) noexcept {
  if (policy.answers_denied != 0) {
    if (const auto reason = worker.admission.admit_request(packet.peer.client, now)) {
      return drop(worker, packet, *reason);
    }
  }
  worker.count_request(packet, Counter::kRequestsDenied);
  if (policy.answers_denied == 0) {
    worker.counters.add(DropReason::kClientDenied);
    return Verdict::kDrop;
  }
  return refuse_briefly(worker, packet, frame, policy.access_violation.code, kDeniedText, now);
}

// The same name in the same mode. The session goes on with its bytes even when the file was
// replaced since it began: old and new transfer have the same two ports, so a late ACK of the old
// one would bring the client a part of the new one, and the request itself may be a late copy.
bool is_repeated(const tftp::Session& session, const abi::FileRef& file, bool netascii) noexcept {
  if (session.has(tftp::SessionFlag::kNetascii) != netascii) {
    return false;
  }
  if (session.record == file.record) {  // the segment is pinned: an address is one file
    return true;
  }
  const std::string_view name{reinterpret_cast<const char*>(session.record + 1),
                              session.record->name_length};
  return name == file.name();
}

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

// Those that wait for a session are before a newcomer, who gets one when there are more.
enum class Turn : std::uint8_t { kNewcomer, kHasWaited };

tftp::Session* begin_in_turn(WorkerState& worker, const abi::LiveImage& image, const Packet& packet,
                             Turn turn, Micros now) noexcept {
  if (turn == Turn::kNewcomer && worker.free_sessions() <= worker.lot.waiting(WaitsFor::kSession)) {
    return nullptr;
  }
  return worker.begin_session(packet, *packet.file, image.slots[packet.file->segment], now);
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

// `session`: the client's for this very file; null: one is to begin.
std::optional<DropReason> admit_first(WorkerState& worker, const tftp::AskedOptions& asked,
                                      const tftp::Session* session, const Packet& packet,
                                      Micros now) noexcept {
  if (!worker.admission.has_limits() || (session != nullptr && tftp::has_answered(*session))) {
    return std::nullopt;
  }
  return worker.admission.admit_first(
      packet.peer.client, {expected_size(worker, asked, packet), packet.payload.size()},
      {session == nullptr, worker.unanswered, worker.session_limit}, now);
}

// The same for who has waited for its file: how much it will get is known only now. Its transfer
// before ended when it began to wait.
std::optional<DropReason> admit_found(WorkerState& worker, const Packet& packet,
                                      Micros now) noexcept {
  tftp::AskedOptions asked;
  if (packet.file->kind == abi::Kind::kComposed || !tftp::parse_options(packet.options, asked)) {
    return std::nullopt;  // an ERROR is due
  }
  return admit_first(worker, asked, nullptr, packet, now);
}

// A newcomer finds no session.
Verdict answer_full(WorkerState& worker, const abi::Policy& policy, const Packet& packet,
                    Frame& frame, Micros now) noexcept {
  if (policy.answers_busy != 0) {
    worker.count_request(packet, Counter::kRequestsBusy);
    return refuse_briefly(worker, packet, frame, policy.busy, now);
  }
  // No ERROR: it would make the phone give up, while its repeat in 4 s may find room.
  if (!park_for_session(worker, packet, now)) {
    worker.count_request(packet, DropReason::kSessionsExhausted);
  }
  return Verdict::kDrop;
}

Verdict serve(WorkerState& worker, const abi::LiveImage& image, const Packet& packet, Frame& frame,
              Turn turn, Micros now) noexcept {
  const abi::FileRef& file = *packet.file;
  tftp::AskedOptions asked;
  if (!tftp::parse_options(packet.options, asked)) {
    worker.count_request(packet, Counter::kRequestsOptions);
    return refuse(worker, packet, frame, kBadOption, kOptionText);
  }
  tftp::Session* before = worker.sessions.find(packet.hash, packet.peer.client);
  const bool repeated = before != nullptr && is_repeated(*before, file, packet.netascii);
  tftp::Session* session = repeated ? before : nullptr;
  // Who has waited was admitted when it came, or when its file did.
  if (turn == Turn::kNewcomer) {
    if (const auto reason = admit_first(worker, asked, session, packet, now)) {
      if (reason == DropReason::kFirstPackets && session == nullptr &&
          park_for_proof(worker, packet, now)) {
        end_transfer_before(worker, packet);
        return Verdict::kDrop;
      }
      return drop(worker, packet, *reason);
    }
  }
  bool had_data = false;
  if (repeated) {
    had_data = !session->has(tftp::SessionFlag::kOackPending);
    restart_session(worker, *session, packet, now);
  } else {
    if (before != nullptr) {
      replace_session(worker, *before);
    }
    session = begin_in_turn(worker, image, packet, turn, now);
    if (session == nullptr) {
      return turn == Turn::kNewcomer ? answer_full(worker, image.view.policy(), packet, frame, now)
                                     : Verdict::kDrop;  // it waits on
    }
  }
  worker.counters.add(Counter::kRequestsProcessed);
  worker.counters.add(hits(file.record->file_class));
  worker.counters.add(found(name_class(packet)));
  answer_first(worker, *session, asked, packet, frame, now);
  if (had_data && !session->has(tftp::SessionFlag::kOackPending)) {
    worker.count_copy(*session);
  }
  return Verdict::kReply;
}

Verdict serve_file(WorkerState& worker, const abi::LiveImage& image, const Packet& packet,
                   Frame& frame, Turn turn, Micros now) noexcept {
  if (packet.file->kind == abi::Kind::kComposed) {
    worker.count_request(packet, Counter::kRequestsComposed);
    return refuse(worker, packet, frame, kNotDefined, kComposedText);
  }
  return serve(worker, image, packet, frame, turn, now);
}

// While control builds everything anew, whoever has no transfer yet comes back later.
bool answers_rebuilding(WorkerState& worker, const Packet& packet, Micros now) noexcept {
  return now < worker.rebuilding_until &&
         worker.sessions.find(packet.hash, packet.peer.client) == nullptr;
}

}  // namespace

Verdict answer_request(WorkerState& worker, const abi::LiveImage* image, const Packet& packet,
                       Frame& frame, Micros now) noexcept {
  worker.counters.add(Counter::kRequests);
  if (image == nullptr) {
    worker.count_request(packet, DropReason::kNoImage);
    return Verdict::kDrop;
  }
  const abi::Policy& policy = image->view.policy();
  if (!abi::is_allowed(abi::client_ranges(image->view.manifest()), packet.peer.client.address)) {
    return deny(worker, policy, packet, frame, now);
  }
  if (const auto reason = worker.admission.admit_request(packet.peer.client, now)) {
    return drop(worker, packet, *reason);
  }
  if (!worker.lot.empty() && is_parked_already(worker, packet, now)) [[unlikely]] {
    return Verdict::kDrop;
  }
  switch (packet.request) {
    case RequestKind::kRead:
      break;
    case RequestKind::kBadName:
      worker.counters.add(Counter::kRequestsName);
      return refuse_name(worker, policy, packet, frame);
    case RequestKind::kBadMode:
      worker.count_request(packet, Counter::kRequestsMode);
      return refuse_briefly(worker, packet, frame, policy.illegal_operation.code, kModeText, now);
    case RequestKind::kMalformed:
      worker.count_request(packet, Counter::kRequestsMalformed);
      return refuse_briefly(worker, packet, frame, policy.illegal_operation, now);
    case RequestKind::kWrite:
      worker.count_request(packet, Counter::kRequestsWrite);
      return refuse_briefly(worker, packet, frame, policy.access_violation, now);
  }
  if (answers_rebuilding(worker, packet, now)) {
    worker.count_request(packet, Counter::kRequestsRebuilding);
    return refuse_briefly(worker, packet, frame, policy.rebuilding, now);
  }
  if (!packet.file) {
    if (worker.asks_for_names && park_for_file(worker, *image, packet, now)) {
      end_transfer_before(worker, packet);
      return Verdict::kDrop;
    }
    return refuse_name(worker, policy, packet, frame);
  }
  return serve_file(worker, *image, packet, frame, Turn::kNewcomer, now);
}

ParkedAnswer answer_parked_request(WorkerState& worker, const abi::LiveImage& image, Packet& packet,
                                   bool admitted, Frame& frame, Micros now) noexcept {
  abi::CanonicalName name;
  packet.request = read_request(packet, name);  // as it was when it came: kRead
  set_key(packet, image);
  packet.file = image.view.find(name.view(), packet.key);
  if (!packet.file) {
    refuse_name(worker, image.view.policy(), packet, frame);
    return ParkedAnswer::kRefused;
  }
  if (!admitted) {
    if (admit_found(worker, packet, now).has_value()) {
      return ParkedAnswer::kDropped;
    }
  }
  const std::uint64_t served = worker.counters.value(Counter::kRequestsProcessed);
  if (serve_file(worker, image, packet, frame, Turn::kHasWaited, now) == Verdict::kDrop) {
    return ParkedAnswer::kNoSession;
  }
  return worker.counters.value(Counter::kRequestsProcessed) != served ? ParkedAnswer::kServed
                                                                      : ParkedAnswer::kRefused;
}

}  // namespace dialtone::server
