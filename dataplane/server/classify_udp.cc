// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/classify.h"
#include "dataplane/tftp/message.h"
#include "dataplane/wire/icmp_error.h"
#include "dataplane/wire/udp.h"

#include <cstring>

namespace dialtone::server {
namespace {

// Services that answer anything: two such ends would answer each other for ever.
constexpr bool is_loop_port(std::uint16_t port) noexcept {
  constexpr std::uint16_t kEchoPort = 7;
  constexpr std::uint16_t kChargenPort = 19;
  return port == 0 || port == kEchoPort || port == kChargenPort || port == tftp::kServerPort;
}

// A port in the range of transfers that is not this worker's.
void hand_off(std::uint16_t port, const ClassifyRules& rules, const tftp::TidLayout& tid,
              Packet& packet) noexcept {
  const std::uint32_t owner = tid.worker_of(port);
  if (owner >= rules.workers) {
    return drop(packet, DropReason::kWrongWorker);
  }
  packet.kind = PacketKind::kHandOff;
  packet.owner = static_cast<std::uint8_t>(owner);
}

// The same in single-port mode; false: the client is this worker's.
bool is_handed_off(const ClassifyRules& rules, Packet& packet) noexcept {
  const std::uint32_t owner = tftp::worker_of_client(packet.hash, rules.workers);
  if (owner == rules.worker) {
    return false;
  }
  packet.kind = PacketKind::kHandOff;
  packet.owner = static_cast<std::uint8_t>(owner);
  return true;
}

// A packet to port 69 that begins a transfer, in single-port mode: all others belong to one.
bool is_request_opcode(std::span<const std::byte> payload) noexcept {
  NetU16 field;
  std::memcpy(&field, payload.data(), sizeof(field));
  const auto opcode = static_cast<tftp::Opcode>(field.host());
  return opcode == tftp::Opcode::kReadRequest || opcode == tftp::Opcode::kWriteRequest;
}

bool has_good_checksum(const wire::UdpDatagram& datagram, std::uint64_t pseudo, const Frame& frame,
                       const ClassifyRules& rules, Packet& packet) noexcept {
  if (frame.udp_checksum_good) {
    return true;
  }
  switch (wire::check_udp(pseudo, datagram)) {
    case wire::UdpChecksum::kValid:
      return true;
    case wire::UdpChecksum::kNone:
      return packet.peer.client.address.is_v4();
    case wire::UdpChecksum::kPartial:
      packet.partial_checksum = true;
      return rules.accept_partial_checksum;
    case wire::UdpChecksum::kWrong:
      return false;
  }
  return false;
}

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

void classify_udp(std::span<const std::byte> bytes, std::uint64_t pseudo, const Frame& frame,
                  const ClassifyRules& rules, const tftp::SessionTable& sessions,
                  Packet& packet) noexcept {
  const wire::UdpDatagram datagram = wire::parse_udp(bytes);
  if (datagram.header == nullptr) {
    return drop(packet, DropReason::kUdpMalformed);
  }
  const std::uint16_t source_port = datagram.header->source_port.host();
  const std::uint16_t port = datagram.header->destination_port.host();
  const tftp::TidLayout& tid = sessions.tid();
  if (is_loop_port(source_port)) {
    return drop(packet, DropReason::kBadSourcePort);
  }
  if (port != tftp::kServerPort && !tid.is_ours(port)) {
    return port < tftp::kFirstTransferPort || tid.is_single_port()
               ? pass(packet, DropReason::kPort)
               : hand_off(port, rules, tid, packet);
  }
  packet.peer.client.port = source_port;
  packet.hash = sessions.hash(packet.peer.client);
  if (tid.is_single_port() && is_handed_off(rules, packet)) {
    return;
  }
  if (!has_good_checksum(datagram, pseudo, frame, rules, packet)) {
    return drop(packet, DropReason::kUdpChecksum);
  }
  if (datagram.payload.size() < tftp::kMinPacket) {
    return drop(packet, DropReason::kTftpShort);
  }
  packet.payload = datagram.payload;
  const bool is_request =
      port == tftp::kServerPort && (!tid.is_single_port() || is_request_opcode(datagram.payload));
  packet.kind = is_request ? PacketKind::kRequest : PacketKind::kTransfer;
  packet.server_port = is_request ? tid.port(packet.hash) : port;
  sessions.prefetch(packet.hash);
}

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
