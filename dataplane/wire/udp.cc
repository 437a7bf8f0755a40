// SPDX-License-Identifier: Apache-2.0
#include "dataplane/wire/udp.h"

#include "dataplane/wire/checksum.h"

namespace dialtone::wire {

UdpDatagram parse_udp(std::span<const std::byte> bytes) noexcept {
  if (bytes.size() < sizeof(UdpHeader)) {
    return {nullptr, {}};
  }
  const auto* header = reinterpret_cast<const UdpHeader*>(bytes.data());
  const std::size_t length = header->length.host();
  if (length < sizeof(UdpHeader) || length > bytes.size()) {
    return {nullptr, {}};
  }
  return {header, bytes.subspan(sizeof(UdpHeader), length - sizeof(UdpHeader))};
}

UdpChecksum check_udp(std::uint64_t pseudo, const UdpDatagram& datagram) noexcept {
  const std::uint16_t field = datagram.header->checksum.raw();
  if (field == 0) {
    return UdpChecksum::kNone;
  }
  const std::span<const std::byte> header(reinterpret_cast<const std::byte*>(datagram.header),
                                          sizeof(UdpHeader));
  if (is_valid(pseudo + sum_bytes(header) + sum_bytes(datagram.payload))) {
    return UdpChecksum::kValid;
  }
  return field == fold(pseudo) ? UdpChecksum::kPartial : UdpChecksum::kWrong;
}

}  // namespace dialtone::wire
