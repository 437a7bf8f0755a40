// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/event_log.h"

#include <algorithm>

namespace dialtone::server {
namespace {

abi::Event event_of(const tftp::ClientKey& client, abi::EventKind kind, std::size_t outcome,
                    const EventContext& context) noexcept {
  abi::Event event{};
  event.time_us = context.now;
  event.address_high = client.address.high;
  event.address_low = client.address.low;
  event.port = client.port;
  event.outer_vlan = tftp::outer_vlan(client.network);
  event.inner_vlan = tftp::inner_vlan(client.network);
  event.our_address = tftp::our_address(client.network);
  event.kind = kind;
  event.outcome = static_cast<std::uint16_t>(outcome);
  event.generation = context.generation;
  return event;
}

std::uint64_t acknowledged_bytes(const tftp::Session& session) noexcept {
  return session.has(tftp::SessionFlag::kNetascii)
             ? session.text_at
             : std::min(std::uint64_t{session.acked} * session.block_size, session.length);
}

}  // namespace

abi::Event request_event(const Packet& packet, std::size_t outcome,
                         const EventContext& context) noexcept {
  abi::Event event = event_of(packet.peer.client, abi::EventKind::kRequest, outcome, context);
  event.set_name(packet.spelling);
  if (packet.request == RequestKind::kRead) {
    event.name_class = packet.name_class;
    event.name_hash = packet.name_hash;
    event.bytes = packet.file ? packet.file->record->length : 0;
  }
  return event;
}

abi::Event end_event(const tftp::Session& session, std::size_t outcome,
                     const EventContext& context) noexcept {
  abi::Event event = event_of(session.client, abi::EventKind::kEnd, outcome, context);
  const std::string_view name(reinterpret_cast<const char*>(session.record + 1),
                              session.record->name_length);
  event.set_name(name);
  event.name_class = abi::name_class(name);
  event.name_hash = abi::event_name_hash(name);
  event.bytes = acknowledged_bytes(session);
  event.blocks = session.acked;
  event.copies = session.resent;
  event.duration_us = tftp::duration_us(session, context.now);
  return event;
}

}  // namespace dialtone::server
