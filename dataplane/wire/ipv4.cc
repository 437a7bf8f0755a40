// SPDX-License-Identifier: Apache-2.0
#include "dataplane/wire/ipv4.h"

#include "dataplane/wire/checksum.h"

namespace dialtone::wire {

Ipv4Packet parse_ipv4(std::span<const std::byte> bytes) noexcept {
  Ipv4Packet packet{Ipv4Fault::kMalformed, nullptr, {}};
  if (bytes.size() < sizeof(Ipv4Header)) {
    return packet;
  }
  const auto* header = reinterpret_cast<const Ipv4Header*>(bytes.data());
  const std::size_t header_length = header->header_length();
  const std::size_t total_length = header->total_length.host();
  if (header->version_length >> 4 != 4 || header_length < sizeof(Ipv4Header) ||
      total_length < header_length || total_length > bytes.size()) {
    return packet;
  }
  if (!is_valid(sum_bytes(bytes.first(header_length)))) {
    packet.fault = Ipv4Fault::kChecksum;
    return packet;
  }
  packet.header = header;
  packet.payload = bytes.subspan(header_length, total_length - header_length);
  packet.fault = header->is_fragment() ? Ipv4Fault::kFragment : Ipv4Fault::kNone;
  return packet;
}

}  // namespace dialtone::wire
