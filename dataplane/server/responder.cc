// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/responder.h"

#include "dataplane/abi/canonical_name.h"
#include "dataplane/base/check.h"
#include "dataplane/server/classify.h"
#include "dataplane/server/drain.h"
#include "dataplane/server/parked_requests.h"
#include "dataplane/server/request.h"
#include "dataplane/server/request_lookup.h"
#include "dataplane/server/send_ready.h"
#include "dataplane/server/timers.h"
#include "dataplane/server/too_big.h"
#include "dataplane/server/transfer.h"
#include "dataplane/server/worker_state.h"

#include <algorithm>
#include <array>

namespace dialtone::server {

struct Responder::State {
  State(const ResponderConfig& config, std::span<std::uint64_t> counters, abi::Pins pins)
      : worker(config, counters, pins),
        addresses(*config.addresses),
        rules{config.mac,
              *config.addresses,
              config.worker,
              config.workers,
              config.accept_partial_checksum,
              config.reassembles},
        rate(config.rate) {}

  // Null when there is no image to serve from.
  const abi::LiveImage* follow(const abi::LiveImage* image) noexcept;
  void parse(std::span<const Frame> frames, const abi::LiveImage* image) noexcept;
  void find(const abi::LiveImage* image) noexcept;
  Verdict act(const Packet& packet, Frame& frame, const abi::LiveImage* image, Micros now) noexcept;
  void note_conflict(const Packet& packet, Micros now) noexcept;

  WorkerState worker;
  OurAddresses& addresses;
  ClassifyRules rules;
  TickRate rate;
  // Of the burst at hand.
  std::size_t count = 0;
  std::array<Packet, kMaxBurst> packets{};
  std::array<abi::CanonicalName, kMaxBurst> names{};
};

const abi::LiveImage* Responder::State::follow(const abi::LiveImage* image) noexcept {
  if (image == nullptr || !image->view.present()) {
    return nullptr;
  }
  worker.follow_policy(*image);
  return image;
}

// Stage 1: session and index lines are asked for.
void Responder::State::parse(std::span<const Frame> frames, const abi::LiveImage* image) noexcept {
  count = frames.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (i + 1 < count) {
      __builtin_prefetch(frames[i + 1].data);
    }
    classify(frames[i], rules, worker.sessions, packets[i]);
    if (packets[i].kind == PacketKind::kRequest) {
      parse_request(image, packets[i], names[i]);
      worker.admission.prefetch(packets[i].peer.client);
    }
  }
}

// Stage 2: they are read, and content is asked for; of a file, its record first.
void Responder::State::find(const abi::LiveImage* image) noexcept {
  bool requests = false;
  for (std::size_t i = 0; i < count; ++i) {
    if (packets[i].kind == PacketKind::kTransfer) {
      find_session(worker, packets[i]);
    } else if (packets[i].kind == PacketKind::kRequest) {
      find_entry(image, packets[i]);
      requests = true;
    }
  }
  for (std::size_t i = 0; requests && i < count; ++i) {
    if (packets[i].kind == PacketKind::kRequest) {
      find_file(image, packets[i]);
    }
  }
}

// Stage 3: state moves and replies are written, frame by frame.
Verdict Responder::State::act(const Packet& packet, Frame& frame, const abi::LiveImage* image,
                              Micros now) noexcept {
  if (packet.partial_checksum) {
    worker.counters.add(Counter::kPartialChecksums);
  }
  switch (packet.kind) {
    case PacketKind::kTransfer:
      return answer_transfer(worker, image, packet, frame, now);
    case PacketKind::kRequest:
      return is_sent(answer_request(worker, image, packet, frame, now)) ? Verdict::kReply
                                                                        : Verdict::kDrop;
    case PacketKind::kArp:
      worker.counters.add(Counter::kArpReplies);
      worker.replies.write_arp(frame, packet.peer, packet.l2_length);
      return Verdict::kReply;
    case PacketKind::kSolicitation:
      worker.counters.add(Counter::kNeighbourReplies);
      worker.replies.write_advertisement(frame, packet.peer, rules.ours.at(packet.peer.ours()));
      return Verdict::kReply;
    case PacketKind::kUnreachable:
      return end_unreachable(worker, packet);
    case PacketKind::kTooBig:
      return note_too_big(worker, packet, now);
    case PacketKind::kEcho:
      worker.counters.add(Counter::kEchoReplies);
      worker.replies.write_echo(frame, packet.peer, packet.payload);
      return Verdict::kReply;
    case PacketKind::kHandOff:
      worker.counters.add(Counter::kFramesHandedOff);
      frame.owner = packet.owner;
      return Verdict::kHandOff;
    case PacketKind::kFragment:
      worker.counters.add(Counter::kFragments);
      frame.l2_length = packet.l2_length;
      frame.l3_length = packet.l3_length;
      return Verdict::kReassemble;
    case PacketKind::kDropped:
      break;
  }
  if (packet.conflict != OurAddresses::kNone) {
    note_conflict(packet, now);
  }
  if (packet.may_punt && worker.may_punt(packet.to_group, now)) {
    worker.counters.add(Counter::kFramesPunted);
    return Verdict::kPunt;
  }
  worker.counters.add(packet.reason);
  return Verdict::kDrop;
}

void Responder::State::note_conflict(const Packet& packet, Micros now) noexcept {
  worker.counters.add(Counter::kAddressConflicts);
  addresses.note_claim(packet.conflict, packet.peer.mac);
  worker.announcer.on_conflict(packet.conflict, now);
}

Responder::Responder(const ResponderConfig& config, std::span<std::uint64_t> counters,
                     abi::Pins pins)
    : state_(std::make_unique<State>(config, counters, pins)) {}

Responder::~Responder() {
  end_all_sessions();
}

void Responder::process(std::span<Frame> frames, std::span<Verdict> verdicts,
                        const abi::LiveImage* image, Ticks ticks) noexcept {
  DIALTONE_DCHECK(frames.size() <= kMaxBurst && verdicts.size() >= frames.size());
  State& state = *state_;
  const Micros now = state.rate.to_us(ticks);
  image = state.follow(image);
  state.worker.clock = now;
  state.parse(frames, image);
  state.find(image);
  std::size_t replies = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    verdicts[i] = state.act(state.packets[i], frames[i], image, now);
    replies += verdicts[i] == Verdict::kReply;
  }
  state.worker.counters.add(Counter::kFramesReceived, frames.size());
  state.worker.counters.add(Counter::kRepliesSent, replies);
}

std::size_t Responder::frames_ready(Ticks ticks, const abi::LiveImage* image) noexcept {
  const Micros now = state_->rate.to_us(ticks);
  WorkerState& worker = state_->worker;
  worker.clock = now;
  image = state_->follow(image);  // the policy holds for a worker too that nobody asks
  run_timers(worker, now);
  std::size_t count = worker.announcer.due(now);
  if (!worker.lot.empty()) {
    count += count_parked(worker, image, now);
  }
  return std::min(count + count_ready(worker, now), kMaxBurst);
}

std::size_t Responder::send_ready(Ticks ticks, std::span<Frame> out,
                                  const abi::LiveImage* image) noexcept {
  const Micros now = state_->rate.to_us(ticks);
  std::size_t used = 0;
  while (used < out.size() && state_->worker.announcer.write(out[used], now)) {
    ++used;
  }
  if (!state_->worker.lot.empty()) {
    used += answer_parked(state_->worker, state_->follow(image), now, out.subspan(used));
  }
  return used + server::send_ready(state_->worker, now, out.subspan(used));
}

void Responder::drain(std::uint16_t slot) noexcept {
  look_for_drained(state_->worker, slot);
}

void Responder::take_no_more() noexcept {
  if (!state_->worker.is_stopping) {
    state_->worker.is_stopping = true;
    state_->worker.counters.set(Counter::kStoppingNow, 1);
    clear_parked(state_->worker);
  }
}

void Responder::take_again() noexcept {
  state_->worker.is_stopping = false;
  state_->worker.counters.set(Counter::kStoppingNow, 0);
}

std::size_t Responder::sessions() const noexcept {
  return state_->worker.sessions.size();
}

void Responder::end_all_sessions() noexcept {
  while (tftp::Session* session = state_->worker.queues.any()) {
    state_->worker.end_session(*session, Counter::kTransfersStopped);
  }
  clear_parked(state_->worker);
}

}  // namespace dialtone::server
