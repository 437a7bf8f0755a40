// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/too_big.h"

#include "dataplane/server/transfer.h"
#include "dataplane/tftp/message.h"
#include "dataplane/wire/icmp_error.h"
#include "dataplane/wire/ipv4.h"
#include "dataplane/wire/ipv6.h"
#include "dataplane/wire/udp.h"

#include <algorithm>
#include <cstring>

namespace dialtone::server {
namespace {

constexpr std::uint32_t kLeastMtuV6 = 1280;  // RFC 8200 section 5: no link carries less
constexpr std::string_view kText = "Blocks are too large for a link to you: ask again";

// Whether `number` is that of a block that was sent and is not acknowledged.
bool is_in_window(const tftp::Session& session, std::uint16_t number) noexcept {
  for (std::uint32_t ahead = 1; ahead <= session.highest; ++ahead) {
    if (tftp::number_of(session, std::uint64_t{session.acked} + ahead) == number) {
      return true;
    }
  }
  return false;
}

// Whether a block of the session may be of that size: a full one, or the last.
bool is_block_size(const tftp::Session& session, std::size_t size) noexcept {
  const bool is_last = session.has(tftp::SessionFlag::kNetascii)
                           ? size < session.block_size
                           : size == session.length % session.block_size;
  return is_last || size == session.block_size;
}

// A block on its way to the client. Routers that quote no more than RFC 792 asks for show the ports
// and the length.
bool is_on_its_way(const tftp::Session& session, const wire::QuotedUdp& quoted) noexcept {
  constexpr std::size_t kHeaders = sizeof(wire::UdpHeader) + sizeof(tftp::Header);
  if (session.highest == 0 || quoted.length < kHeaders ||
      !is_block_size(session, quoted.length - kHeaders)) {
    return false;
  }
  if (quoted.payload.size() < sizeof(tftp::Header)) {
    return session.client.address.is_v4();
  }
  tftp::Header header;
  std::memcpy(&header, quoted.payload.data(), sizeof(header));
  return header.opcode.host() == static_cast<std::uint16_t>(tftp::Opcode::kData) &&
         is_in_window(session, header.number.host());
}

bool is_too_big(const wire::TooBig& said, bool v4) noexcept {
  const std::size_t header = v4 ? sizeof(wire::Ipv4Header) : sizeof(wire::Ipv6Header);
  return said.mtu < header + said.packet.length && (v4 || said.mtu >= kLeastMtuV6);
}

}  // namespace

Verdict note_too_big(WorkerState& worker, const Packet& packet, Micros now) noexcept {
  const bool v4 = packet.peer.client.address.is_v4();
  const auto said =
      v4 ? wire::packet_too_big(packet.payload) : wire::packet_too_big_v6(packet.payload);
  tftp::Session* session = session_of(worker, packet);
  if (session == nullptr || !said || !is_on_its_way(*session, said->packet) ||
      !is_too_big(*said, v4)) {
    worker.counters.add(DropReason::kIcmp);
    return Verdict::kDrop;
  }
  worker.counters.add(Counter::kPacketsTooBig);
  if (!tftp::has_answered(*session)) {
    // Anybody can have asked in this client's name. So what is said counts for this transfer alone,
    // and brings no packet forth: its copy may be cut.
    session->set(tftp::SessionFlag::kTooBig);
    return Verdict::kDrop;
  }
  if (said->mtu != 0) {
    worker.path_limits.note(session->client.address,
                            static_cast<std::uint16_t>(std::max(said->mtu, kLeastMtu)), now);
  }
  // Once: of a window, each packet is said to be too big.
  if (!session->has(tftp::SessionFlag::kTooBig)) {
    session->set(tftp::SessionFlag::kTooBig);
    session->sent = 0;
    session->progress_us = static_cast<std::uint32_t>(now);
    worker.queues.remove(*session);
    worker.queues.make_ready(*session);
  }
  return Verdict::kDrop;
}

void end_blocked(WorkerState& worker, Frame& frame, tftp::Session& session) noexcept {
  worker.end_told(frame, session, kText, Counter::kTransfersTooBig);
}

}  // namespace dialtone::server
