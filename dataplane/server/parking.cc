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
      names_(clients_.size(), kNotParked) {
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

bool ParkingLot::awaits(std::uint64_t name_hash) const noexcept {
  ParkedIndex index = names_[bucket(name_hash)];
  while (index != kNotParked && places_[index].name_hash != name_hash) {
    index = places_[index].next_name;
  }
  return index != kNotParked;
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

void ParkingLot::unchain(ParkedIndex& head, ParkedIndex Parked::*next, ParkedIndex index,
                         std::vector<Parked>& places) noexcept {
  ParkedIndex* link = &head;
  while (*link != index) {
    link = &(places[*link].*next);
  }
  *link = places[index].*next;
}

Parked& ParkingLot::add(const Packet& packet, WaitsFor what, std::uint64_t name_hash,
                        Micros now) noexcept {
  DIALTONE_DCHECK(!full() && packet.payload.size() <= tftp::kMaxRequest);
  const ParkedIndex index = free_;
  Parked& parked = places_[index];
  free_ = parked.next_client;
  ++size_;
  parked.peer = packet.peer;
  parked.hash = packet.hash;
  parked.name_hash = name_hash;
  parked.first_asked = parked.last_asked = now;
  parked.waits_for = what;
  parked.length = static_cast<std::uint16_t>(packet.payload.size());
  std::memcpy(parked.bytes.data(), packet.payload.data(), packet.payload.size());
  ParkedIndex& client = clients_[bucket(parked.hash)];
  parked.next_client = client;
  client = index;
  if (what == WaitsFor::kFile) {
    ParkedIndex& name = names_[bucket(name_hash)];
    parked.next_name = name;
    name = index;
  }
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
  if (parked.waits_for == WaitsFor::kFile) {
    unchain(names_[bucket(parked.name_hash)], &Parked::next_name, index, places_);
  }
}

// From the back: those that came later are passed, and they are few, since who waits for a file
// has not been here for long.
void ParkingLot::move(Parked& parked, WaitsFor what) noexcept {
  DIALTONE_DCHECK(what != WaitsFor::kFile);
  leave_queue(parked);
  Queue& queue = queue_of(what);
  ParkedIndex behind = queue.tail;
  while (behind != kNotParked && places_[behind].first_asked > parked.first_asked) {
    behind = places_[behind].queue.previous;
  }
  parked.waits_for = what;
  insert(queue, &Parked::queue, behind, parked);
}

void ParkingLot::remove(Parked& parked) noexcept {
  const ParkedIndex index = index_of(parked);
  leave_queue(parked);
  unlink(silence_, &Parked::silence, parked);
  unchain(clients_[bucket(parked.hash)], &Parked::next_client, index, places_);
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
