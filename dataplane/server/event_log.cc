// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/event_log.h"

#include "dataplane/server/request_lookup.h"

#include <algorithm>

namespace dialtone::server {
namespace {

abi::Event event_of(const tftp::ClientKey& client, abi::EventKind kind, std::size_t outcome,
                    const EventContext& context) noexcept {
  abi::Event event;  // each field is set below, or by the caller
  event.sequence = 0;
  event.time_us = context.now;
  event.address_high = client.address.high;
  event.address_low = client.address.low;
  event.port = client.port;
  event.outer_vlan = tftp::outer_vlan(client.network);
  event.inner_vlan = tftp::inner_vlan(client.network);
  event.our_address = tftp::our_address(client.network);
  event.kind = kind;
  event.outcome = static_cast<std::uint16_t>(outcome);
  event.reserved0 = 0;
  event.reserved1 = 0;
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
  const bool has_name = packet.request == RequestKind::kRead;
  event.name_class = has_name ? name_class(packet) : abi::NameClass::kOther;
  event.name_hash = has_name ? abi::event_name_hash(packet.name->view()) : 0;
  event.bytes = has_name && packet.file ? packet.file->record->length : 0;
  event.duration_us = 0;
  event.blocks = 0;
  event.copies = 0;
  return event;
}

abi::Event end_event(const tftp::Session& session, std::size_t outcome,
                     const EventContext& context) noexcept {
  abi::Event event = event_of(session.client, abi::EventKind::kEnd, outcome, context);
  const std::string_view name(reinterpret_cast<const char*>(session.record + 1),
                              session.record->name_length);
  event.set_name(name);
  event.name_class = abi::name_class(name, abi::name_key(name, 0));  // with any seed
  event.name_hash = abi::event_name_hash(name);
  event.bytes = acknowledged_bytes(session);
  event.blocks = session.acked;
  event.copies = session.resent;
  event.duration_us = tftp::duration_us(session, context.now);
  return event;
}

}  // namespace dialtone::server
