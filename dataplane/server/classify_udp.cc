// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/classify.h"
#include "dataplane/server/hand_off.h"
#include "dataplane/tftp/message.h"
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

}  // namespace dialtone::server
