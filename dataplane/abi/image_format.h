// SPDX-License-Identifier: Apache-2.0
//
// The layout of an image: manifest, index, segments. docs/image-format.md is its text; a change of
// anything here raises kImageVersion and changes that page in the same commit.
//
// Every object is one sealed memfd: offset-based, without pointers, little-endian, immutable. A
// reader trusts nothing in it before validate_*() (image_validate.h) has passed.
#pragma once

#include "dataplane/base/cacheline.h"
#include "dataplane/base/digest.h"
#include "dataplane/base/hash.h"

#include <cstddef>
#include <cstdint>

namespace dialtone::abi {

inline constexpr std::uint32_t kImageVersion = 4;

inline constexpr std::uint64_t kManifestMagic = 0x4e414d4c41494401;  // "\1DIALMAN"
inline constexpr std::uint64_t kIndexMagic = 0x5844494c41494401;     // "\1DIALIDX"
inline constexpr std::uint64_t kSegmentMagic = 0x4745534c41494401;   // "\1DIALSEG"

// A file's content is summed in units of the RFC 1350 block.
inline constexpr std::uint32_t kSumUnit = 512;

// RFC 1350 packets of 512 bytes leave little more; a longer name cannot be asked for.
inline constexpr std::size_t kMaxNameLength = 255;

inline constexpr std::uint32_t kMaxSegments = 1024;  // 10 bits in an index entry

// ---------------------------------------------------------------------------------- segment

// At offset 0 of a segment.
struct SegmentHeader {
  std::uint64_t magic;
  std::uint32_t version;
  std::uint32_t reserved0;
  std::uint64_t id;    // random, unique among all objects; the manifest refers to it
  std::uint64_t size;  // bytes in use, at most the memfd's size
  std::uint64_t reserved[4];
};
static_assert(sizeof(SegmentHeader) == 64);

enum class Origin : std::uint8_t { kBuilt = 0, kAsset = 1, kProxied = 2 };

// What a file is to a phone; counters and, later, access rules go by it.
enum class FileClass : std::uint8_t {
  kOther = 0,
  kDeviceConfig = 1,   // SEP<mac>.cnf.xml and its kin
  kDefaultConfig = 2,  // XMLDefault.cnf.xml
  kLoad = 3,           // firmware: .loads, .sbn, .bin
  kRing = 4,           // ring lists and ringers
  kLocale = 5,
  kBackground = 6,
  kTrust = 7,     // CTL, ITL
  kDialPlan = 8,  // DR<plan>.xml, <plan>.xml, AppDialRules.xml
  kSoftkey = 9,   // SK<template>.xml, feature policies
  kGateway = 10,  // the files of gateways and their ports
};
inline constexpr std::uint8_t kFileClassCount = 11;

// One file, at a multiple of 64 in its segment, followed at once by its name. Offsets count from
// the beginning of the segment.
struct FileRecord {
  std::uint64_t length;          // bytes of content
  std::uint64_t content_offset;  // multiple of 64
  std::uint64_t sums_offset;     // multiple of 2: a uint16_t for each kSumUnit begun; 0 = none
  Digest digest;                 // of the content
  std::uint64_t modified_s;      // Unix time of the newest input
  std::uint16_t name_length;     // 1..kMaxNameLength
  Origin origin;
  FileClass file_class;
  std::uint32_t reserved[3];
};
static_assert(sizeof(FileRecord) == 64);
static_assert(offsetof(FileRecord, digest) == 24 && offsetof(FileRecord, name_length) == 48);

// ---------------------------------------------------------------------------------- index

enum class Kind : std::uint8_t {
  kNone = 0,      // an empty entry
  kFlat = 1,      // a FileRecord with all its bytes
  kComposed = 2,  // class program and slots; the validator accepts it, no server serves it yet
  kAbsent = 3,    // known to be absent: hides a file of the base; its record holds the name alone
};

// key: the mixed name key (name_key.h). where: segment:10 | offset/64:26 | kind:2, from bit 0 of
// the kind upwards; 0 is an empty entry. Bit 63 is the line's, not the entry's (IndexLine).
struct IndexEntry {
  std::uint64_t key;
  std::uint64_t where;

  constexpr Kind kind() const noexcept { return static_cast<Kind>(where & 3); }
  constexpr std::uint64_t record_offset() const noexcept { return (where >> 2 & 0x3ffffff) * 64; }
  constexpr std::uint32_t segment() const noexcept {
    return static_cast<std::uint32_t>(where >> 28 & 0x3ff);
  }
};
static_assert(sizeof(IndexEntry) == 16);

constexpr std::uint64_t index_where(Kind kind, std::uint32_t segment,
                                    std::uint64_t offset) noexcept {
  return static_cast<std::uint64_t>(kind) | (offset / 64 & 0x3ffffff) << 2 |
         static_cast<std::uint64_t>(segment) << 28;
}
inline constexpr std::uint64_t kMaxSegmentBytes = std::uint64_t{1} << 32;  // 26 bits of 64 bytes

inline constexpr std::size_t kEntriesPerLine = 4;

// One cache line: a hit and a miss read just this, mostly. Entries are filled from the first on.
struct alignas(kCacheLine) IndexLine {
  IndexEntry entries[kEntriesPerLine];

  // Some name whose first line this is stands in its second one. Bit 63 of the last entry, which
  // is not empty then.
  static constexpr std::uint64_t kSpilled = std::uint64_t{1} << 63;
  constexpr bool spilled() const noexcept {
    return (entries[kEntriesPerLine - 1].where & kSpilled) != 0;
  }
};
static_assert(sizeof(IndexLine) == kCacheLine);

// At offset 0 of an index; `line_count` lines follow at offset 64. A name stands in one of two
// lines that its key says. A search reads the first one, and the second only where the first is
// marked as spilled.
struct IndexHeader {
  std::uint64_t magic;
  std::uint32_t version;
  std::uint32_t reserved0;
  std::uint64_t id;
  std::uint64_t seed;           // of the name keys; base and delta of a generation share it
  std::uint64_t line_count;     // at least 1
  std::uint64_t entry_count;    // entries in use
  std::uint32_t segment_count;  // entries name segments below this number
  std::uint32_t reserved1;
  std::uint64_t reserved2;
};
static_assert(sizeof(IndexHeader) == 64);

constexpr std::uint64_t index_first_line(std::uint64_t key, std::uint64_t line_count) noexcept {
  return multiply_high(key, line_count);
}
// Another line than `first`, wherever there is one. Its place follows from the low bits of the key,
// the first one's from the high bits.
constexpr std::uint64_t index_second_line(std::uint64_t key, std::uint64_t first,
                                          std::uint64_t line_count) noexcept {
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15ULL;  // 2^64 / golden ratio
  const std::uint64_t at = first + 1 + multiply_high(key * kOdd, line_count - 1);
  return at < line_count ? at : at - line_count;
}

// ---------------------------------------------------------------------------------- manifest

// RFC 1350 ERROR: a code and a text of at most 63 bytes, NUL-padded.
struct ErrorReply {
  std::uint16_t code;
  char text[64];
};
static_assert(sizeof(ErrorReply) == 66);

// What a name gets that the index does not have.
enum class MissRule : std::uint32_t {
  kAtOnce = 0,  // not found: the index has all there is
  kAsk = 1,     // control is asked over the miss ring (miss_ring.h), and the client waits
};

// Less than one DATA block of 512 bytes has no use, and a worker's part of a few bytes would not
// run out again by rounding.
inline constexpr std::uint32_t kMinUnprovenBytes = 1024;
inline constexpr std::uint32_t kMaxUnprovenBytes = 1 << 30;
inline constexpr std::uint32_t kMaxFirstPackets = 64;

// What must change together with the files.
struct Policy {
  std::uint32_t max_sessions;  // of all workers: the Maximum Serving Count; 0: as many as fit
  std::uint32_t
      retransmit_ms;           // 50..60000: to the first copy; each further one waits twice as long
  std::uint32_t retransmits;   // copies after the first, 0..20
  std::uint32_t first_copies;  // the same, until a client has answered: 0..retransmits
  ErrorReply not_found;
  ErrorReply access_violation;
  ErrorReply illegal_operation;
  ErrorReply unknown_tid;
  std::uint32_t max_window;        // blocks in flight, 1..255 (RFC 7440)
  std::uint32_t max_window_bytes;  // bytes in flight, 512..16777216; one block always may be
  MissRule miss_rule;
  std::uint32_t miss_park_ms;   // of MissRule::kAsk, 10..8000: then the answer is not found
  ErrorReply busy;              // when max_sessions are in use
  ErrorReply rebuilding;        // while control builds all files anew
  std::uint8_t answers_busy;    // 0: who comes when all are in use has to wait, or to ask again
  std::uint8_t answers_denied;  // 0: a client that may not ask hears nothing
  // No new transfer begins for so many seconds from the publish on, or up to the next one: whoever
  // publishes this may die before it has built. 0: never.
  std::uint8_t rebuilding_s;
  std::uint8_t reserved0;
  // Of sources that have acknowledged nothing for proven_s. 0: no limit.
  std::uint32_t source_requests;  // a second from one address, 0..100000
  std::uint32_t prefix_requests;  // a second from one /24 of IPv4 or /64 of IPv6, 0..100000
  std::uint32_t first_packets;    // to one address that does not answer, 0..kMaxFirstPackets
  // In flight to them, over all workers: kMinUnprovenBytes..kMaxUnprovenBytes.
  std::uint32_t unproven_bytes;
  std::uint32_t proven_s;  // 1..604800
  std::uint32_t reserved1;
  std::uint64_t reserved[3];
};
static_assert(sizeof(Policy) == 16 + 6 * 66 + 16 + 4 + 6 * 4 + 24);
static_assert(offsetof(Policy, busy) == 296 && offsetof(Policy, source_requests) == 432);

// From this address up to the next range's. A table of them begins with ::.
struct ClientRange {
  std::uint64_t high;  // IpAddress
  std::uint64_t low;
  std::uint32_t allowed;  // 0 or 1; never as in the range before
  std::uint32_t reserved;
};
static_assert(sizeof(ClientRange) == 24);
inline constexpr std::uint32_t kMaxClientRanges = 4096;

struct SegmentRef {
  std::uint64_t id;
  std::uint64_t size;  // SegmentHeader::size
  Digest digest;       // of those bytes (object_digest.h), as are those below
};
static_assert(sizeof(SegmentRef) == 32);

struct IndexRef {
  std::uint64_t id;  // 0: no such index (a generation without a delta)
  std::uint64_t size;
  Digest digest;
};
static_assert(sizeof(IndexRef) == 32);

// A name that control has looked for and not found: it is not asked for again before its time is
// over, which needs no new generation. Only for names that the index does not have, so one of these
// never hides a file.
struct Tombstone {
  std::uint64_t key;      // the name's (name_key.h); of two names that share it, both are absent
  std::uint32_t left_ms;  // since the generation was published, 1..kMaxTombstoneMs
  std::uint32_t reserved;
};
static_assert(sizeof(Tombstone) == 16);
inline constexpr std::uint32_t kMaxTombstones = 1024;
inline constexpr std::uint32_t kMaxTombstoneMs = 3'600'000;

// At offset 0 of a manifest; `segment_count` SegmentRefs follow it, then `tombstone_count`
// Tombstones by ascending key, then `client_range_count` ClientRanges. The position of a segment in
// its table is its number in the index entries.
struct Manifest {
  std::uint64_t magic;
  std::uint32_t version;
  std::uint32_t segment_count;  // 0..kMaxSegments
  std::uint64_t generation;     // 1.., greater than any before it
  Digest content_digest;        // over the sorted names and file digests: equal inputs, equal value
  std::uint64_t file_count;     // names that can be fetched
  IndexRef base;
  IndexRef delta;
  Policy policy;
  std::uint32_t tombstone_count;     // 0..kMaxTombstones
  std::uint32_t client_range_count;  // 0..kMaxClientRanges; 0: every client is served
};
static_assert(sizeof(Manifest) == 48 + 2 * 32 + sizeof(Policy) + 8);
static_assert(sizeof(Manifest) % 8 == 0);

}  // namespace dialtone::abi
