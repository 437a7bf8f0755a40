// SPDX-License-Identifier: Apache-2.0
//
// A checked view of a reply: taken apart by code of its own, every length, checksum and byte of
// padding compared with what the RFCs say.
#pragma once

#include "dataplane/base/ip_address.h"
#include "dataplane/wire/mac_address.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace dialtone::test {

// A UDP reply over IPv4 or IPv6 taken apart. `fault` is empty when every length, checksum and
// padding byte is right.
struct ReplyView {
  std::string fault;
  wire::MacAddress source_mac{};
  wire::MacAddress destination_mac{};
  std::string tags;  // with which VLAN tags it goes out
  IpAddress source;
  IpAddress destination;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::uint16_t opcode = 0;
  std::uint16_t number = 0;  // block of a DATA, code of an ERROR
  std::string body;          // content of a DATA; text of an ERROR without its NUL
  std::string packet;        // all of TFTP
};

ReplyView parse_reply(std::string_view frame);

}  // namespace dialtone::test
