// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/worker_state.h"

#include "dataplane/tftp/message.h"

#include <algorithm>

namespace dialtone::server {
namespace {

constexpr std::uint32_t kStrangerErrorsPerSecond = 1000;

// The id of the next block's packet, where routers may cut it: as far as 16 bits go that of no
// other on its way to the client, whichever worker and port of ours it is from (RFC 6864). Copies
// have one, as one content. 256 blocks have ids in sequence, so those of a window hardly ever meet,
// and the next 256 begin elsewhere, so two transfers that meet do not go on in step.
std::uint16_t packet_id(const tftp::Session& session, std::uint64_t client_hash,
                        std::uint64_t seed) noexcept {
  constexpr std::uint32_t kInSequence = 256;
  const std::uint32_t block = session.acked + session.sent;
  const std::uint64_t sequence = std::uint64_t{session.begun} << 32 | block / kInSequence;
  // A transfer that begins anew may have blocks of another size.
  const std::uint64_t size = std::uint64_t{session.block_size} << 40;
  return static_cast<std::uint16_t>(mix64(client_hash ^ sequence ^ size, seed) +
                                    block % kInSequence);
}

}  // namespace

WorkerState::WorkerState(const ResponderConfig& config, std::span<std::uint64_t> values,
                         abi::Pins pins_of_worker)
    : counters(values),
      events(config.events),
      pins(pins_of_worker),
      sessions(config.single_port ? tftp::TidLayout::single_port()
                                  : tftp::TidLayout(config.worker, config.worker_bits),
               config.max_sessions, config.hash_seed),
      queues(sessions.base()),
      headers(config.mac, *config.addresses, config.offload),
      replies(headers),
      announcer(*config.addresses, headers, config.announces, config.hash_seed),
      lot(config.max_parked),
      misses(config.misses),
      rate(config.rate),
      name_seed(mix64(7, config.hash_seed)),
      max_sessions(config.max_sessions),
      admission({config.worker, config.workers, config.max_sessions, config.hash_seed}, queues),
      path_limits(config.hash_seed),
      limits{config.max_block_size, 1, 0},
      stranger_errors(kStrangerErrorsPerSecond),
      punts(config.punts_per_second != 0),
      punt_limit(config.punts_per_second),
      group_punt_limit(config.punts_per_second),
      worker_(config.worker),
      workers_(config.workers) {
  counters.set(Counter::kServingLimit, max_sessions);
}

void WorkerState::set_policy(const abi::LiveImage& image) noexcept {
  const abi::Policy& policy = image.view.policy();
  generation = image.view.manifest().generation;
  published_at = rate.to_us(image.published);
  asks_for_names = policy.miss_rule == abi::MissRule::kAsk;
  miss_park_us = Micros{policy.miss_park_ms} * 1000;
  lot.recheck();
  timeout_us = policy.retransmit_ms * 1000;
  retransmits = policy.retransmits;
  first_copies = policy.first_copies;
  limits.max_window = static_cast<std::uint8_t>(policy.max_window);
  limits.max_window_bytes = policy.max_window_bytes;
  session_limit = max_sessions;
  if (policy.max_sessions != 0) {
    session_limit = std::min(session_limit, share_of(policy.max_sessions, worker_, workers_));
  }
  answers_busy = policy.answers_busy != 0;
  counters.set(Counter::kServingLimit, session_limit);
  // Without the rule no time is before its end: the turn at hand may have begun before the publish.
  rebuilding_until =
      policy.rebuilding_s == 0 ? 0 : published_at + policy.rebuilding_s * Micros{1'000'000};
  admission.set_policy(policy);
}

tftp::Session* WorkerState::begin_session(const Packet& packet, const abi::FileRef& file,
                                          std::uint16_t slot, std::size_t limit,
                                          Micros now) noexcept {
  tftp::Session* session = sessions.insert(packet.hash, packet.peer.client, limit);
  if (session == nullptr) {
    return nullptr;
  }
  session->content = file.content;
  session->set_sums(file.sums);
  session->length = file.record->length;
  session->record = file.record;
  session->slot = slot;
  session->link_address = packet.peer.mac.bytes;
  session->vlan_tags = packet.peer.tags.bytes;
  session->clear(tftp::SessionFlag::kTooBig);
  pins.pin(slot);
  tftp::begin(*session, now);
  session->begun = tftp::duration_steps(now);
  session->resent = 0;
  set_unanswered(unanswered + 1);
  count_request(packet, Counter::kTransfersStarted);
  counters.set(Counter::kSessionsActive, sessions.size());
  return session;
}

void WorkerState::end_session(tftp::Session& session, Counter why) noexcept {
  counters.add(why);
  if (!tftp::has_answered(session)) {
    set_unanswered(unanswered - 1);
    forget_unproven(session);
  }
  if (events.present()) {
    events.write(end_event(session, index_of(why), {clock, generation}));
  }
  queues.remove(session);
  pins.unpin(session.slot);
  sessions.erase(session);
  counters.set(Counter::kSessionsActive, sessions.size());
}

void WorkerState::end_told(Frame& frame, tftp::Session& session, std::string_view text,
                           Counter why) noexcept {
  const Peer peer{{session.link_address}, {session.vlan_tags}, session.client};
  replies.write_error(frame, peer, session.server_port, tftp::kNotDefined, text);
  counters.add(errors_sent(tftp::kNotDefined));
  end_session(session, why);
}

bool WorkerState::note_answer(tftp::Session& session, Micros now) noexcept {
  set_unanswered(unanswered - 1);
  forget_unproven(session);
  if (!admission.has_limits() ||
      !admission.prove(session.client, tftp::first_answer_size(session), now)) {
    return false;
  }
  counters.add(Counter::kSourcesProven);
  return true;
}

tftp::TransferLimits WorkerState::limits_for(const Peer& peer) const noexcept {
  tftp::TransferLimits out = limits;
  const std::uint32_t mtu =
      path_limits.limit(peer.client.address,
                        static_cast<std::uint16_t>(limits.max_block_size + kPacketOverhead), clock);
  // Links leave room for one tag beside their MTU; kernels drop a frame with two without a word.
  const std::uint32_t second_tag = peer.tags.length() > wire::kTagLength ? wire::kTagLength : 0;
  out.max_block_size = static_cast<std::uint16_t>(mtu - kPacketOverhead - second_tag -
                                                  (peer.client.address.is_v4() ? 0 : kIpv6Extra));
  return out;
}

void WorkerState::send_block(Frame& frame, tftp::Session& session, const Peer& peer,
                             std::uint16_t server_port) noexcept {
  counters.add(Counter::kDataSent);
  if (session.has(tftp::SessionFlag::kNetascii)) [[unlikely]] {
    const std::size_t size =
        tftp::write_text_block(session, ReplyWriter::data_content(frame, peer));
    replies.write_data_around(frame, peer, server_port,
                              tftp::number_of(session, std::uint64_t{session.acked} + 1), size);
    counters.add(Counter::kBytesSent, size);
  } else {
    const tftp::Block block = tftp::next_block(session);
    replies.write_data(frame, peer, server_port, block);
    counters.add(Counter::kBytesSent, block.content.size());
  }
  if (session.has(tftp::SessionFlag::kTooBig)) [[unlikely]] {
    headers.allow_fragments(
        frame, peer, packet_id(session, sessions.hash(session.client), mix64(13, name_seed)));
  }
  if (session.sent < session.highest) {
    count_copy(session);
  }
  tftp::on_sent(session);
}

void WorkerState::send_oack(Frame& frame, const tftp::Session& session, const Peer& peer) noexcept {
  replies.write_oack(frame, peer, session);
  counters.add(Counter::kOacksSent);
}

void WorkerState::send_error(Frame& frame, const Packet& packet, std::uint16_t code,
                             std::string_view text) noexcept {
  replies.write_error(frame, packet.peer, packet.server_port, code, text);
  counters.add(errors_sent(code));
}

}  // namespace dialtone::server
