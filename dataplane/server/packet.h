// SPDX-License-Identifier: Apache-2.0
//
// What the stages know of one frame of a burst. Values are copied out of the frame, since the reply
// is written over it; only `payload` still points into it.
#pragma once

#include "dataplane/abi/canonical_name.h"
#include "dataplane/abi/image_view.h"
#include "dataplane/abi/name_key.h"
#include "dataplane/server/counters.h"
#include "dataplane/tftp/session.h"
#include "dataplane/wire/mac_address.h"
#include "dataplane/wire/vlan.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace dialtone::server {

enum class PacketKind : std::uint8_t {
  kDropped,       // `reason` says why
  kArp,           // a request for an address of ours
  kSolicitation,  // the same for IPv6
  kEcho,          // an ICMP or ICMPv6 echo request
  kRequest,       // UDP to port 69
  kTransfer,      // UDP to a transfer port of this worker
  kUnreachable,   // ICMP: nobody listens any more where a transfer of this worker goes to
  kTooBig,        // ICMP: a link on the way carries less than a packet of such a transfer
  kHandOff,       // one of the last three for another worker
  kFragment,      // of a datagram for us
};

enum class RequestKind : std::uint8_t {
  kRead,       // its name is canonical: look it up
  kBadName,    // a name under which nothing can be stored
  kBadMode,    // mail, or no mode of TFTP
  kMalformed,  // not a request at all
  kWrite,
};

// Where a reply goes, and from which of our addresses.
struct Peer {
  wire::MacAddress mac;
  wire::VlanTags tags;
  tftp::ClientKey client;  // port 0 where there are no ports

  std::uint8_t ours() const noexcept { return tftp::our_address(client.network); }
};

struct Packet {
  // Stage 1.
  PacketKind kind;
  DropReason reason;
  RequestKind request;
  bool netascii;  // of kRequest
  bool partial_checksum;
  bool may_punt;              // of kDropped: not for us, so perhaps for the kernel
  bool to_group;              // Ethernet's broadcast or multicast
  std::uint8_t conflict;      // of kDropped: the address of ours that another host claims, or kNone
  std::uint8_t owner;         // of kHandOff
  std::uint8_t l2_length;     // Ethernet and tags
  std::uint8_t l3_length;     // of kFragment
  std::uint16_t server_port;  // a transfer's: as received; a request's: its TID
  std::uint64_t hash;         // of peer.client
  Peer peer;
  std::span<const std::byte> payload;  // of UDP, or the message of kEcho and kTooBig
  std::string_view options;            // of a request, within payload
  std::string_view spelling;           // its name as it came, within payload
  // Of kRead: its canonical name, which stands as long as this packet is looked at, and, when there
  // is an image, its key.
  const abi::CanonicalName* name;
  abi::NameKey key;

  // Stage 2: what stage 3 will read, prefetched.
  tftp::Session* session;
  const abi::IndexEntry* entry;  // of a request; null: not found, or not looked for
  std::optional<abi::FileRef> file;
};

}  // namespace dialtone::server
