// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fragments.h"

#include "tests/support/packet_builder.h"

#include <algorithm>

namespace dialtone::test {
namespace {

constexpr std::uint16_t kMoreFragments = 0x2000;

// Without the padding behind it.
std::string_view packet_of(std::string_view frame) {
  frame.remove_prefix(sizeof(wire::EthernetHeader));
  const auto* ip = reinterpret_cast<const wire::Ipv4Header*>(frame.data());
  return frame.substr(0, ip->total_length.host());
}

std::size_t header_length(std::string_view packet) {
  return reinterpret_cast<const wire::Ipv4Header*>(packet.data())->header_length();
}

}  // namespace

std::string fragment_of(std::string_view frame, std::uint16_t id, std::size_t offset,
                        std::size_t length, bool more) {
  const std::string_view packet = packet_of(frame);
  const std::size_t header = header_length(packet);
  const std::string_view carried = packet.substr(header);
  std::string piece(carried.substr(std::min(offset, carried.size()), length));
  piece.resize(length);
  std::string bytes(frame.substr(0, sizeof(wire::EthernetHeader) + header));
  auto* ip = reinterpret_cast<wire::Ipv4Header*>(bytes.data() + sizeof(wire::EthernetHeader));
  ip->total_length.set(static_cast<std::uint16_t>(header + length));
  ip->id.set(id);
  ip->fragment.set(static_cast<std::uint16_t>(offset / 8 | (more ? kMoreFragments : 0)));
  ip->checksum.set(0);
  ip->checksum.set(static_cast<std::uint16_t>(
      ~plain_sum({bytes.data() + sizeof(wire::EthernetHeader), header})));
  bytes += piece;
  bytes.resize(std::max(bytes.size(), wire::kMinFrame));
  return bytes;
}

std::vector<std::string> fragments_of(std::string_view frame, std::uint16_t id,
                                      std::size_t length) {
  const std::string_view packet = packet_of(frame);
  const std::size_t size = packet.size() - header_length(packet);
  std::vector<std::string> pieces;
  for (std::size_t offset = 0; offset < size; offset += length) {
    const bool last = offset + length >= size;
    pieces.push_back(fragment_of(frame, id, offset, last ? size - offset : length, !last));
  }
  return pieces;
}

}  // namespace dialtone::test
