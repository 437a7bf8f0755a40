// SPDX-License-Identifier: Apache-2.0
//
// What a worker notes of a request and of the end of a transfer (abi/events_page.h). Pure
// functions; hot, but never on the path of an ACK.
#pragma once

#include "dataplane/abi/events_page.h"
#include "dataplane/server/packet.h"
#include "dataplane/tftp/session.h"

#include <cstddef>
#include <cstdint>

namespace dialtone::server {

// When it is, as the worker knows it, and what it serves.
struct EventContext {
  Micros now;
  std::uint64_t generation;
};

// `outcome`: index_of() the counter. The packet's payload must still be there.
abi::EventWords request_event(const Packet& packet, std::size_t outcome,
                              const EventContext& context) noexcept;

// The session's pin must still be there: its file's name is read.
abi::EventWords end_event(const tftp::Session& session, std::size_t outcome,
                          const EventContext& context) noexcept;

}  // namespace dialtone::server
