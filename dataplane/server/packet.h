// SPDX-License-Identifier: Apache-2.0
//
// What the stages know of one frame of a burst. Values are copied out of the frame, since the reply
// is written over it; only `payload` still points into it.
#pragma once

#include "dataplane/abi/image_view.h"
#include "dataplane/abi/name_key.h"
#include "dataplane/server/counters.h"
#include "dataplane/tftp/session.h"
#include "dataplane/wire/mac_address.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace dialtone::server {

enum class PacketKind : std::uint8_t {
  kDropped,   // `reason` says why
  kArp,       // a request for our address
  kEcho,      // an ICMP echo request to it
  kRequest,   // UDP to port 69
  kTransfer,  // UDP to a transfer port of this worker
  kHandOff,   // the same of another one
  kFragment,  // of a datagram for us
};

enum class RequestKind : std::uint8_t {
  kRead,       // its name is canonical: look it up
  kBadName,    // a name under which nothing can be stored
  kBadMode,    // netascii, mail, or no mode of TFTP
  kMalformed,  // not a request at all
  kWrite,
};

// Where a reply goes.
struct Peer {
  wire::MacAddress mac;
  tftp::ClientKey client;
};

struct Packet {
  // Stage 1.
  PacketKind kind;
  DropReason reason;
  RequestKind request;
  bool partial_checksum;
  bool may_punt;                       // of kDropped: not for us, so perhaps for the kernel
  std::uint8_t owner;                  // of kHandOff
  std::uint8_t l3_length;              // of kFragment
  std::uint16_t server_port;           // a transfer's: as received; a request's: its TID
  std::uint32_t bucket;                // of server_port
  Peer peer;                           // for kEcho the port is 0
  std::span<const std::byte> payload;  // of UDP, or the ICMP message
  std::string_view options;            // of a request, within payload
  abi::NameKey key;

  // Stage 2: what stage 3 will read, prefetched.
  tftp::Session* session;
  std::optional<abi::FileRef> file;
};

}  // namespace dialtone::server
