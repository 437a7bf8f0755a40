// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/parking.h"

#include "dataplane/base/check.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace dialtone::server {

ParkingLot::ParkingLot(std::uint32_t capacity)
    : places_(std::max(capacity, 1U)),
      clients_(std::bit_ceil(places_.size()), kNotParked),
      groups_(clients_.size()) {
  for (std::size_t i = places_.size(); i-- > 0;) {
    places_[i].next_client = free_;
    free_ = static_cast<ParkedIndex>(i);
  }
}

Parked* ParkingLot::find(std::uint64_t hash, const tftp::ClientKey& client) noexcept {
  Parked* parked = at(clients_[bucket(hash)]);
  while (parked != nullptr && parked->peer.client != client) {
    parked = at(parked->next_client);
  }
  return parked;
}

Parked* ParkingLot::next_of(ParkedIndex index, WaitsFor what, std::uint64_t group) noexcept {
  Parked* parked = at(index);
  while (parked != nullptr && (parked->group != group || parked->waits_for != what)) {
    parked = at(parked->grouped.next);
  }
  return parked;
}

void ParkingLot::insert(Queue& queue, Links links, ParkedIndex behind, Parked& parked) noexcept {
  const ParkedIndex index = index_of(parked);
  const ParkedIndex next = behind == kNotParked ? queue.head : (places_[behind].*links).next;
  parked.*links = {behind, next};
  (behind == kNotParked ? queue.head : (places_[behind].*links).next) = index;
  (next == kNotParked ? queue.tail : (places_[next].*links).previous) = index;
  ++queue.count;
}

void ParkingLot::unlink(Queue& queue, Links links, Parked& parked) noexcept {
  const auto [previous, next] = parked.*links;
  (previous == kNotParked ? queue.head : (places_[previous].*links).next) = next;
  (next == kNotParked ? queue.tail : (places_[next].*links).previous) = previous;
  --queue.count;
}

void ParkingLot::join_group(Parked& parked) noexcept {
  if (has_group(parked.waits_for)) {
    parked.in_group = static_cast<std::uint32_t>(waiting(parked.waits_for, parked.group)) + 1;
    insert(groups_[bucket(parked.group)], &Parked::grouped, kNotParked, parked);
  }
}

void ParkingLot::leave_group(Parked& parked) noexcept {
  if (has_group(parked.waits_for)) {
    const std::uint32_t left = latest(parked.waits_for, parked.group)->in_group - 1;
    unlink(groups_[bucket(parked.group)], &Parked::grouped, parked);
    if (Parked* one = latest(parked.waits_for, parked.group)) {
      one->in_group = left;
    }
  }
}

Parked& ParkingLot::add(const Packet& packet, WaitsFor what, std::uint64_t group,
                        Micros now) noexcept {
  DIALTONE_DCHECK(!full() && packet.payload.size() <= tftp::kMaxRequest);
  const ParkedIndex index = free_;
  Parked& parked = places_[index];
  free_ = parked.next_client;
  ++size_;
  parked.peer = packet.peer;
  parked.hash = packet.hash;
  parked.group = group;
  parked.first_asked = parked.last_asked = now;
  parked.waits_for = what;
  parked.admitted = what == WaitsFor::kSession;
  parked.length = static_cast<std::uint16_t>(packet.payload.size());
  std::memcpy(parked.bytes.data(), packet.payload.data(), packet.payload.size());
  ParkedIndex& client = clients_[bucket(parked.hash)];
  parked.next_client = client;
  client = index;
  join_group(parked);
  insert(queue_of(what), &Parked::queue, queue_of(what).tail, parked);
  insert(silence_, &Parked::silence, silence_.tail, parked);
  return parked;
}

void ParkingLot::refresh(Parked& parked, const Peer& peer, Micros now) noexcept {
  parked.peer = peer;
  parked.last_asked = now;
  unlink(silence_, &Parked::silence, parked);
  insert(silence_, &Parked::silence, silence_.tail, parked);
}

void ParkingLot::leave_queue(Parked& parked) noexcept {
  const ParkedIndex index = index_of(parked);
  if (unchecked_ == index) {
    unchecked_ = parked.queue.next;
  }
  unlink(queue_of(parked.waits_for), &Parked::queue, parked);
  leave_group(parked);
}

// From the back: those that came later are passed, and they are few, since who waits for a file
// has not been here for long. Who waits for a proof may have been.
void ParkingLot::move(Parked& parked, WaitsFor what) noexcept {
  DIALTONE_DCHECK(!has_group(what));
  const bool passes = parked.waits_for != WaitsFor::kProof;
  leave_queue(parked);
  Queue& queue = queue_of(what);
  ParkedIndex behind = queue.tail;
  while (passes && behind != kNotParked && places_[behind].first_asked > parked.first_asked) {
    behind = places_[behind].queue.previous;
  }
  parked.waits_for = what;
  insert(queue, &Parked::queue, behind, parked);
}

void ParkingLot::remove(Parked& parked) noexcept {
  const ParkedIndex index = index_of(parked);
  leave_queue(parked);
  unlink(silence_, &Parked::silence, parked);
  ParkedIndex* link = &clients_[bucket(parked.hash)];
  while (*link != index) {
    link = &places_[*link].next_client;
  }
  *link = parked.next_client;
  parked.peer.client.port = 0;
  parked.next_client = free_;
  free_ = index;
  --size_;
}

Parked* ParkingLot::next_unchecked() noexcept {
  Parked* parked = at(unchecked_);
  if (parked != nullptr) {
    unchecked_ = parked->queue.next;
  }
  return parked;
}

}  // namespace dialtone::server
