// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/refusal.h"

#include "dataplane/abi/name_verdict.h"
#include "dataplane/server/request_lookup.h"
#include "dataplane/tftp/message.h"

namespace dialtone::server {

void end_transfer_before(WorkerState& worker, const Packet& packet) noexcept {
  if (tftp::Session* old = worker.sessions.find(packet.hash, packet.peer.client)) {
    worker.end_session(*old, Counter::kTransfersReplaced);
  }
}

Answer drop(WorkerState& worker, const Packet& packet, DropReason reason) noexcept {
  worker.count_request(packet, reason);
  return Answer::kNone;
}

Answer refuse(WorkerState& worker, const Packet& packet, Frame& frame, std::uint16_t code,
              std::string_view text) noexcept {
  end_transfer_before(worker, packet);
  worker.send_error(frame, packet, code, text);
  return Answer::kError;
}

Answer refuse_name(WorkerState& worker, const abi::Policy& policy, const Packet& packet,
                   Frame& frame) noexcept {
  worker.count_request(packet, Counter::kRequestsNotFound);
  if (packet.request == RequestKind::kRead) {
    worker.counters.add(not_found(name_class(packet)));
  }
  return refuse(worker, packet, frame, policy.not_found.code, text_of(policy.not_found));
}

bool may_refuse(WorkerState& worker, const Packet& packet, std::string_view text,
                Micros now) noexcept {
  return worker.admission.admit_error(packet.peer.client,
                                      {tftp::error_size(text), packet.payload.size()}, now);
}

Answer refuse_briefly(WorkerState& worker, const Packet& packet, Frame& frame, std::uint16_t code,
                      std::string_view text, Micros now) noexcept {
  if (!may_refuse(worker, packet, text, now)) {
    worker.counters.add(DropReason::kLargeError);  // what was wrong with it is counted already
    return Answer::kNone;
  }
  return refuse(worker, packet, frame, code, text);
}

Answer refuse_briefly(WorkerState& worker, const Packet& packet, Frame& frame,
                      const abi::ErrorReply& reply, Micros now) noexcept {
  return refuse_briefly(worker, packet, frame, reply.code, text_of(reply), now);
}

Answer deny(WorkerState& worker, const abi::Policy& policy, const Packet& packet, Frame& frame,
            Micros now) noexcept {
  if (policy.answers_denied != 0) {
    if (const auto reason = worker.admission.admit_request(packet.peer.client, now)) {
      return drop(worker, packet, *reason);
    }
  }
  worker.count_request(packet, Counter::kRequestsDenied);
  if (policy.answers_denied == 0) {
    worker.counters.add(DropReason::kClientDenied);
    return Answer::kNone;
  }
  return refuse_briefly(worker, packet, frame, policy.access_violation.code, abi::kDeniedText, now);
}

}  // namespace dialtone::server
