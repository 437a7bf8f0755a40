// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/parked_requests.h"

#include "dataplane/abi/canonical_name.h"
#include "dataplane/abi/served_file.h"
#include "dataplane/server/request.h"
#include "dataplane/server/request_lookup.h"

#include <algorithm>
#include <array>

namespace dialtone::server {
namespace {

// Parked requests looked at in one call: it keeps a burst waiting for some microseconds at most.
constexpr std::size_t kMaxLooks = 64;

// That wait for one source to acknowledge something: clients behind one address at first. All of
// them move on in the turn of its ACK.
constexpr std::size_t kMaxForProof = 256;

// Half of the places for a proof that other sources have left: a few forged
// addresses cannot hold them all.
std::size_t share_of_source(ParkingLot& lot, std::uint64_t source) noexcept {
  const std::size_t places = lot.capacity() / 4;
  const std::size_t others = lot.waiting(WaitsFor::kProof) - lot.waiting(WaitsFor::kProof, source);
  return std::clamp<std::size_t>((places - std::min(others, places)) / 2, 1, kMaxForProof);
}

Packet packet_of(const WorkerState& worker, const Parked& parked) noexcept {
  Packet packet{};
  packet.kind = PacketKind::kRequest;
  packet.server_port = worker.sessions.tid().port(parked.hash);
  packet.hash = parked.hash;
  packet.peer = parked.peer;
  packet.payload = parked.payload();
  return packet;
}

void leave(WorkerState& worker, Parked& parked, Counter counter) noexcept {
  worker.lot.remove(parked);
  worker.counters.add(counter);
  worker.counters.set(Counter::kParkedNow, worker.lot.size());
}

// Without an answer.
void give_up(WorkerState& worker, Parked& parked, Counter why) noexcept {
  if (worker.events.present()) {
    Packet packet = packet_of(worker, parked);
    abi::CanonicalName name;
    packet.request = read_request(packet, name);
    worker.note_request(packet, why);
  }
  leave(worker, parked, why);
}

bool is_silent(const Parked& parked, Micros silence, Micros now) noexcept {
  return now - parked.last_asked >= silence;
}

void expire_silent(WorkerState& worker, Micros now) noexcept {
  for (std::size_t looks = 0; looks < kMaxLooks; ++looks) {
    Parked* parked = worker.lot.most_silent();
    if (parked == nullptr || !is_silent(*parked, kParkedSilenceUs, now)) {
      return;
    }
    give_up(worker, *parked, Counter::kParkedExpired);
  }
}

// An attack that fills the lot repeats nothing, or stays in it as each client may: one place, for
// as long as it asks.
bool make_room(WorkerState& worker, Micros now) noexcept {
  if (!worker.lot.full()) {
    return true;
  }
  Parked* parked = worker.lot.most_silent();
  if (!is_silent(*parked, kCrowdedSilenceUs, now)) {
    return false;
  }
  give_up(worker, *parked, Counter::kParkedExpired);
  return true;
}

void park(WorkerState& worker, const Packet& packet, WaitsFor what, std::uint64_t group,
          Micros now) noexcept {
  worker.lot.add(packet, what, group, now);
  worker.count_request(packet, Counter::kRequestsParked);
  worker.counters.set(Counter::kParkedNow, worker.lot.size());
}

bool is_in_force(const WorkerState& worker, const abi::Tombstone& tombstone, Micros now) noexcept {
  // The generation may be newer than `now`, which a worker reads once a turn.
  return now < worker.published_at + Micros{tombstone.left_ms} * 1000;
}

enum class Asked : std::uint8_t {
  kNo,
  kNow,
  kBefore,  // for somebody who still waits
};

Asked ask(WorkerState& worker, std::string_view name, std::uint64_t name_hash,
          abi::MissKind kind) noexcept {
  if (!worker.misses.listened_to()) {
    return Asked::kNo;
  }
  if (worker.lot.latest(WaitsFor::kFile, name_hash) != nullptr) {
    return Asked::kBefore;
  }
  if (!worker.misses.give(name, kind)) {
    return Asked::kNo;
  }
  worker.counters.add(Counter::kMissesAsked);
  return Asked::kNow;
}

// Who waits for a file, after a generation has been published.
void look_again(WorkerState& worker, const abi::LiveImage& image, Micros now) noexcept {
  for (std::size_t looks = 0; looks < kMaxLooks; ++looks) {
    Parked* parked = worker.lot.next_unchecked();
    if (parked == nullptr) {
      return;
    }
    abi::CanonicalName name;
    abi::canonicalize(tftp::parse_request(parked->payload()).name, name);
    const abi::NameKey key = abi::name_key(name.view(), image.view.seed());
    if (abi::locate_served(image.view, name.view(), key) != nullptr) {
      worker.counters.add(Counter::kMissesFound);
      worker.lot.move(*parked, WaitsFor::kSession);
    } else if (const abi::Tombstone* tombstone = image.view.find_tombstone(key);
               tombstone != nullptr && is_in_force(worker, *tombstone, now)) {
      worker.counters.add(Counter::kMissesAbsent);
      worker.lot.move(*parked, WaitsFor::kRefusal);
    }
  }
}

// Of those that wait for a session, how many have their turn now.
std::size_t turns(const WorkerState& worker) noexcept {
  const std::size_t waiting = worker.lot.waiting(WaitsFor::kSession);
  return worker.answers_busy ? waiting : std::min(waiting, worker.free_sessions());
}

// Nobody has said anything about the file: it is not found then.
void end_long_waits(WorkerState& worker, Micros now) noexcept {
  for (std::size_t looks = 0; looks < kMaxLooks; ++looks) {
    Parked* parked = worker.lot.first(WaitsFor::kFile);
    if (parked == nullptr ||
        (worker.asks_for_names && now - parked->first_asked < worker.miss_park_us)) {
      return;
    }
    worker.counters.add(Counter::kMissesTimedOut);
    worker.lot.move(*parked, WaitsFor::kRefusal);
  }
}

}  // namespace

bool is_parked_already(WorkerState& worker, const Packet& packet, Micros now) noexcept {
  Parked* parked = worker.lot.find(packet.hash, packet.peer.client);
  if (parked == nullptr) {
    return false;
  }
  if (!std::ranges::equal(parked->payload(), packet.payload)) {
    give_up(worker, *parked, Counter::kParkedReplaced);
    return false;
  }
  // As long as its source is unproven, a repeat may be answered by itself.
  if (parked->waits_for == WaitsFor::kProof) {
    give_up(worker, *parked, Counter::kParkedReplaced);
    return false;
  }
  worker.lot.refresh(*parked, packet.peer, now);
  worker.counters.add(Counter::kRequestsParked);
  worker.count_request(packet, Counter::kParkedRepeated);
  return true;
}

bool park_for_session(WorkerState& worker, const Packet& packet, Micros now) noexcept {
  if (!make_room(worker, now)) {
    return false;
  }
  park(worker, packet, WaitsFor::kSession, 0, now);
  return true;
}

bool park_for_file(WorkerState& worker, const abi::LiveImage& image, const Packet& packet,
                   Micros now) noexcept {
  const abi::Tombstone* tombstone = image.view.find_tombstone(packet.key);
  if (tombstone != nullptr && is_in_force(worker, *tombstone, now)) {
    worker.counters.add(Counter::kMissesKnown);
    return false;
  }
  const std::string_view name = packet.name->view();
  const std::uint64_t name_hash = keyed_hash(name, worker.name_seed);
  const auto kind = tombstone == nullptr ? abi::MissKind::kUnknown : abi::MissKind::kAgain;
  const Asked asked = worker.lot.size() < worker.lot.capacity() / 2
                          ? ask(worker, name, name_hash, kind)
                          : Asked::kNo;
  if (asked == Asked::kNo) {
    worker.counters.add(Counter::kMissesNotAsked);
    return false;
  }
  // Who made us ask stands for the question. The others have groups of their own: control may have
  // lost the name, and is asked again when that one has gone.
  park(worker, packet, WaitsFor::kFile, asked == Asked::kNow ? name_hash : packet.hash, now);
  return true;
}

bool park_for_proof(WorkerState& worker, const Packet& packet, Micros now) noexcept {
  ParkingLot& lot = worker.lot;
  if (lot.size() >= lot.capacity() / 2 || lot.waiting(WaitsFor::kProof) >= lot.capacity() / 4 ||
      worker.admission.is_proven(packet.peer.client, now)) {
    return false;
  }
  const std::uint64_t source = worker.admission.source_of(packet.peer.client);
  if (lot.waiting(WaitsFor::kProof, source) >= share_of_source(lot, source)) {
    return false;
  }
  park(worker, packet, WaitsFor::kProof, source, now);
  worker.counters.add(Counter::kRequestsHeld);
  return true;
}

void release_proven(WorkerState& worker, const tftp::ClientKey& client) noexcept {
  if (worker.lot.waiting(WaitsFor::kProof) == 0) {
    return;
  }
  std::array<Parked*, kMaxForProof> released;
  std::size_t count = 0;
  for (Parked* one = worker.lot.latest(WaitsFor::kProof, worker.admission.source_of(client));
       one != nullptr && count < kMaxForProof; one = worker.lot.before(*one)) {
    released[count++] = one;
  }
  while (count-- > 0) {  // who has waited longest first
    worker.lot.move(*released[count], WaitsFor::kSession);
  }
}

std::size_t count_parked(WorkerState& worker, const abi::LiveImage* image, Micros now) noexcept {
  expire_silent(worker, now);
  if (image == nullptr) {
    return 0;
  }
  look_again(worker, *image, now);
  end_long_waits(worker, now);
  return std::min(worker.lot.waiting(WaitsFor::kRefusal) + turns(worker), kMaxBurst);
}

std::size_t answer_parked(WorkerState& worker, const abi::LiveImage* image, Micros now,
                          std::span<Frame> out) noexcept {
  std::size_t used = 0;
  for (std::size_t looks = 0; image != nullptr && used < out.size() && looks < kMaxLooks; ++looks) {
    Parked* parked = worker.lot.first(WaitsFor::kRefusal);
    if (parked == nullptr && turns(worker) != 0) {
      parked = worker.lot.first(WaitsFor::kSession);
    }
    if (parked == nullptr) {
      break;
    }
    Packet packet = packet_of(worker, *parked);
    switch (answer_parked_request(worker, *image, packet, parked->admitted, out[used], now)) {
      case Answer::kFile:
        leave(worker, *parked, Counter::kParkedServed);
        ++used;
        break;
      case Answer::kError:
        leave(worker, *parked, Counter::kParkedRefused);
        ++used;
        break;
      case Answer::kNone:
        give_up(worker, *parked, Counter::kParkedDropped);
        break;
      case Answer::kNoSession:
        parked->admitted = true;
        if (parked->waits_for == WaitsFor::kSession) {
          return used;
        }
        worker.lot.move(*parked, WaitsFor::kSession);  // its file has come since
        break;
    }
  }
  return used;
}

void clear_parked(WorkerState& worker) noexcept {
  while (Parked* parked = worker.lot.most_silent()) {
    give_up(worker, *parked, Counter::kParkedExpired);
  }
}

}  // namespace dialtone::server
