// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/request.h"

#include "dataplane/abi/client_prefixes.h"
#include "dataplane/abi/served_file.h"
#include "dataplane/server/parked_requests.h"
#include "dataplane/server/refusal.h"
#include "dataplane/server/request_lookup.h"
#include "dataplane/server/serve_file.h"

namespace dialtone::server {
namespace {

constexpr std::string_view kModeText = "Only octet and netascii are served";

// While control builds everything anew, whoever has no transfer yet comes back later.
bool answers_rebuilding(WorkerState& worker, const Packet& packet, Micros now) noexcept {
  return now < worker.rebuilding_until &&
         worker.sessions.find(packet.hash, packet.peer.client) == nullptr;
}

// What a worker that stops still answers: the request of a transfer that goes on, whose first
// packet was lost.
bool has_begun(WorkerState& worker, const Packet& packet) noexcept {
  const tftp::Session* session = worker.sessions.find(packet.hash, packet.peer.client);
  return session != nullptr && packet.file && is_repeat_of(*session, packet);
}

// Whoever asks hears nothing, not even an ERROR: it asks again, and finds who serves next.
Answer leave_to_next(WorkerState& worker, const Packet& packet) noexcept {
  end_transfer_before(worker, packet);  // its copies could be taken for what is asked for now
  return drop(worker, packet, DropReason::kStopping);
}

}  // namespace

Answer answer_request(WorkerState& worker, const abi::LiveImage* image, const Packet& packet,
                      Frame& frame, Micros now) noexcept {
  worker.counters.add(Counter::kRequests);
  if (image == nullptr) {
    worker.count_request(packet, DropReason::kNoImage);
    return Answer::kNone;
  }
  if (worker.is_stopping && !has_begun(worker, packet)) [[unlikely]] {
    return leave_to_next(worker, packet);
  }
  const abi::Policy& policy = image->view.policy();
  if (!abi::is_allowed(abi::client_ranges(image->view.manifest()), packet.peer.client.address)) {
    return deny(worker, policy, packet, frame, now);
  }
  if (const auto reason = worker.admission.admit_request(packet.peer.client, now)) {
    return drop(worker, packet, *reason);
  }
  if (!worker.lot.empty() && is_parked_already(worker, packet, now)) [[unlikely]] {
    return Answer::kNone;
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
      return Answer::kNone;
    }
    return refuse_name(worker, policy, packet, frame);
  }
  return serve_file(worker, *image, packet, frame, Arrival::kNewcomer, now);
}

Answer answer_parked_request(WorkerState& worker, const abi::LiveImage& image, Packet packet,
                             bool admitted, Frame& frame, Micros now) noexcept {
  abi::CanonicalName name;
  packet.request = read_request(packet, name);  // as it was when it came: kRead
  set_key(packet, image);
  packet.file = abi::find_served(image.view, name.view(), packet.key);
  if (!packet.file) {
    return refuse_name(worker, image.view.policy(), packet, frame);
  }
  return serve_file(worker, image, packet, frame,
                    admitted ? Arrival::kAdmitted : Arrival::kHasWaited, now);
}

}  // namespace dialtone::server
