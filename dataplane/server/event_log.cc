// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/event_log.h"

#include "dataplane/server/request_lookup.h"

#include <algorithm>

namespace dialtone::server {
namespace {

using abi::Event;
using abi::EventWords;

EventWords event_of(const tftp::ClientKey& client, abi::EventKind kind, std::size_t outcome,
                    const EventContext& context) noexcept {
  EventWords event;
  event.set<offsetof(Event, time_us), decltype(Event::time_us)>(context.now);
  event.set<offsetof(Event, address_high), decltype(Event::address_high)>(client.address.high);
  event.set<offsetof(Event, address_low), decltype(Event::address_low)>(client.address.low);
  event.set<offsetof(Event, port), decltype(Event::port)>(client.port);
  event.set<offsetof(Event, outer_vlan), decltype(Event::outer_vlan)>(
      tftp::outer_vlan(client.network));
  event.set<offsetof(Event, inner_vlan), decltype(Event::inner_vlan)>(
      tftp::inner_vlan(client.network));
  event.set<offsetof(Event, our_address), decltype(Event::our_address)>(
      tftp::our_address(client.network));
  event.set<offsetof(Event, kind), decltype(Event::kind)>(kind);
  event.set<offsetof(Event, outcome), decltype(Event::outcome)>(
      static_cast<std::uint16_t>(outcome));
  event.set<offsetof(Event, generation), decltype(Event::generation)>(context.generation);
  return event;
}

std::uint64_t acknowledged_bytes(const tftp::Session& session) noexcept {
  return session.has(tftp::SessionFlag::kNetascii)
             ? session.text_at
             : std::min(std::uint64_t{session.acked} * session.block_size, session.length);
}

}  // namespace

abi::EventWords request_event(const Packet& packet, std::size_t outcome,
                              const EventContext& context) noexcept {
  EventWords event = event_of(packet.peer.client, abi::EventKind::kRequest, outcome, context);
  event.set_name(packet.spelling);
  if (packet.request == RequestKind::kRead) {
    event.set<offsetof(Event, name_class), decltype(Event::name_class)>(name_class(packet));
    event.set<offsetof(Event, name_hash), decltype(Event::name_hash)>(
        abi::event_name_hash(packet.name->view()));
    event.set<offsetof(Event, bytes), decltype(Event::bytes)>(
        packet.file ? packet.file->record->length : 0);
  }
  return event;
}

abi::EventWords end_event(const tftp::Session& session, std::size_t outcome,
                          const EventContext& context) noexcept {
  EventWords event = event_of(session.client, abi::EventKind::kEnd, outcome, context);
  const std::string_view name(reinterpret_cast<const char*>(session.record + 1),
                              session.record->name_length);
  event.set_name(name);
  event.set<offsetof(Event, name_class), decltype(Event::name_class)>(abi::name_class(name));
  event.set<offsetof(Event, name_hash), decltype(Event::name_hash)>(abi::event_name_hash(name));
  event.set<offsetof(Event, bytes), decltype(Event::bytes)>(acknowledged_bytes(session));
  event.set<offsetof(Event, blocks), decltype(Event::blocks)>(session.acked);
  event.set<offsetof(Event, copies), decltype(Event::copies)>(session.resent);
  event.set<offsetof(Event, duration_us), decltype(Event::duration_us)>(
      tftp::duration_us(session, context.now));
  return event;
}

}  // namespace dialtone::server
