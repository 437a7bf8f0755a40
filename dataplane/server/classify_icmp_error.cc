// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/classify.h"
#include "dataplane/server/hand_off.h"
#include "dataplane/tftp/tid.h"
#include "dataplane/wire/icmp_error.h"

namespace dialtone::server {
namespace {

// `quoted` is to belong to a transfer with packet.peer.client.address, whose port it knows.
void classify_quoted(const wire::QuotedUdp& quoted, PacketKind kind, const ClassifyRules& rules,
                     const tftp::SessionTable& sessions, Packet& packet) noexcept {
  const tftp::TidLayout& tid = sessions.tid();
  // It came from the address of ours that this is said to.
  if (quoted.destination_port == 0 || quoted.source != rules.ours.at(packet.peer.ours()) ||
      (tid.is_single_port() ? quoted.source_port != tftp::kServerPort
                            : quoted.source_port < tftp::kFirstTransferPort)) {
    return pass(packet, DropReason::kIcmp);
  }
  if (!tid.is_ours(quoted.source_port)) {
    return hand_off(quoted.source_port, rules, tid, packet);
  }
  packet.peer.client.port = quoted.destination_port;
  packet.hash = sessions.hash(packet.peer.client);
  if (tid.is_single_port() && is_handed_off(rules, packet)) {
    return;
  }
  packet.server_port = quoted.source_port;
  packet.kind = kind;
  sessions.prefetch(packet.hash);
}

}  // namespace

void classify_icmp_error(std::span<const std::byte> message, const ClassifyRules& rules,
                         const tftp::SessionTable& sessions, Packet& packet) noexcept {
  tftp::ClientKey& client = packet.peer.client;
  const bool v4 = client.address.is_v4();
  const auto gone = v4 ? wire::port_unreachable(message) : wire::port_unreachable_v6(message);
  // The host itself says that.
  if (gone && gone->destination == client.address) {
    return classify_quoted(*gone, PacketKind::kUnreachable, rules, sessions, packet);
  }
  const auto big = v4 ? wire::packet_too_big(message) : wire::packet_too_big_v6(message);
  if (big) {  // a router says that
    client.address = big->packet.destination;
    packet.payload = message;
    return classify_quoted(big->packet, PacketKind::kTooBig, rules, sessions, packet);
  }
  pass(packet, DropReason::kIcmp);
}

}  // namespace dialtone::server
