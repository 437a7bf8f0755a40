// SPDX-License-Identifier: Apache-2.0
#include "dataplane/tftp/message.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace dialtone::tftp {
namespace {

constexpr std::string_view kOctet = "octet";
constexpr std::string_view kNetascii = "netascii";

bool is_mode(std::string_view mode, std::string_view name) noexcept {
  if (mode.size() != name.size()) {
    return false;
  }
  for (std::size_t i = 0; i < name.size(); ++i) {
    if ((mode[i] | 0x20) != name[i]) {
      return false;
    }
  }
  return true;
}

// "octet" and its NUL, as nearly all requests have it, in one look.
bool begins_with_octet(std::string_view text) noexcept {
  if (text.size() < kOctet.size() + 1) {
    return false;
  }
  std::array<char, 8> word{};
  std::memcpy(word.data(), text.data(), kOctet.size() + 1);
  return (std::bit_cast<std::uint64_t>(word) | 0x2020202020) ==
         std::bit_cast<std::uint64_t>(std::array<char, 8>{'o', 'c', 't', 'e', 't'});
}

}  // namespace

Request parse_request(std::span<const std::byte> packet) noexcept {
  constexpr Request kMalformed{RequestFault::kMalformed, false, {}, {}};
  if (packet.size() < sizeof(NetU16) || packet.size() > kMaxRequest) {
    return kMalformed;
  }
  const std::string_view text(reinterpret_cast<const char*>(packet.data()) + sizeof(NetU16),
                              packet.size() - sizeof(NetU16));
  const std::size_t name_end = text.find('\0');
  if (name_end == std::string_view::npos) {
    return kMalformed;
  }
  const std::string_view name = text.substr(0, name_end);
  if (const std::string_view rest = text.substr(name_end + 1); begins_with_octet(rest)) {
    return {RequestFault::kNone, false, name, rest.substr(kOctet.size() + 1)};
  }
  const std::size_t mode_end = text.find('\0', name_end + 1);
  if (mode_end == std::string_view::npos || mode_end == name_end + 1) {
    return kMalformed;
  }
  const std::string_view mode = text.substr(name_end + 1, mode_end - name_end - 1);
  const bool netascii = is_mode(mode, kNetascii);
  if (!netascii && !is_mode(mode, kOctet)) {
    return {RequestFault::kMode, false, name, {}};
  }
  return {RequestFault::kNone, netascii, name, text.substr(mode_end + 1)};
}

std::size_t write_error(std::byte* out, std::uint16_t code, std::string_view text) noexcept {
  Header header;
  header.opcode.set(static_cast<std::uint16_t>(Opcode::kError));
  header.number.set(code);
  std::memcpy(out, &header, sizeof(header));
  const std::size_t length = std::min(text.size(), kMaxErrorText);
  std::memcpy(out + sizeof(header), text.data(), length);
  out[sizeof(header) + length] = std::byte{0};
  return sizeof(header) + length + 1;
}

}  // namespace dialtone::tftp
