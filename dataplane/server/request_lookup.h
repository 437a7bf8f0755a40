// SPDX-License-Identifier: Apache-2.0
//
// What a packet to port 69 asks for, and whether the image has it: the first two stages of a burst,
// one function for each, which ask for the memory that the next one reads. Values in, Packet out;
// hot, no allocation.
#pragma once

#include "dataplane/abi/canonical_name.h"
#include "dataplane/abi/live_image.h"
#include "dataplane/abi/name_class.h"
#include "dataplane/server/packet.h"

namespace dialtone::server {

// Of the payload of an RRQ: spelling, mode and options, and, of kRead alone, the canonical name,
// which is written to `name`. It has no key yet.
RequestKind read_request(Packet& packet, abi::CanonicalName& name) noexcept;

// Of kRead, for this image's index.
void set_key(Packet& packet, const abi::LiveImage& image) noexcept;

// Of kRead, whether the file is there or not.
inline abi::NameClass name_class(const Packet& packet) noexcept {
  return abi::name_class(packet.name->view(), packet.key);
}

// Stage 1: opcode, name and key; prefetches the index lines. May turn the packet into a drop.
void parse_request(const abi::LiveImage* image, Packet& packet, abi::CanonicalName& name) noexcept;

// Stage 2: finds the name's entry; prefetches the file's record.
void find_entry(const abi::LiveImage* image, Packet& packet) noexcept;

// And, when that is done for the burst: reads the record, prefetches the first block.
void find_file(const abi::LiveImage* image, Packet& packet) noexcept;

}  // namespace dialtone::server
