// SPDX-License-Identifier: Apache-2.0
//
// How control hands a generation to the dataplane: fixed messages over a Unix SOCK_SEQPACKET socket
// that the dataplane's housekeeper listens on; descriptors travel beside them (SCM_RIGHTS).
//
//   dataplane → control   HELLO (with counters page, miss rings     once, when control connects
//                         and events page)
//   control → dataplane   OBJECT (with a sealed memfd)              each object that is not known
//   control → dataplane   OFFER (with the manifest's sealed memfd)
//   dataplane → control   PUBLISHED | REJECTED | BUSY               one for each OFFER, in order
//   dataplane → control   RETIRED                                   nothing of it is mapped
//
// An object is known by its id while a live generation uses it, and, once sent, until the next
// PUBLISHED or REJECTED or the end of the connection. BUSY: kMaxLiveGenerations are still mapped;
// control waits for a RETIRED and offers its newest state. docs/swap-protocol.md has the rules.
#pragma once

#include "dataplane/base/digest.h"

#include <cstddef>
#include <cstdint>

namespace dialtone::abi {

inline constexpr std::uint32_t kOfferMagic = 0x4c414944;  // "DIAL"
inline constexpr std::uint16_t kOfferVersion = 4;
inline constexpr std::uint32_t kMaxLiveGenerations = 3;

enum class OfferType : std::uint16_t {
  kHello = 1,
  kObject = 2,
  kOffer = 3,
  kPublished = 4,
  kRejected = 5,
  kBusy = 6,
  kRetired = 7,
  kService = 8,       // of control
  kServiceState = 9,  // of the dataplane
};

// Whether clients are served.
enum class ServiceOrder : std::uint32_t {
  kStart = 1,
  kStop = 2,   // transfers may go on for stop_within_s
  kDrain = 3,  // and here for as long as they take
};
enum class ServiceState : std::uint32_t {
  kRunning = 1,
  kDraining = 2,  // transfers go on, none begins
  kStopped = 3,   // no request is answered
};

enum class ObjectKind : std::uint32_t { kSegment = 1, kIndex = 2 };

struct OfferHeader {
  std::uint32_t magic;
  std::uint16_t version;
  OfferType type;
};
static_assert(sizeof(OfferHeader) == 8);

// Places of the descriptors that follow HELLO. A dataplane sends all of them; what is left out can
// only be the last ones.
enum HelloDescriptor : std::size_t {
  kHelloCounters,  // counters_page.h
  kHelloMisses,    // miss_ring.h
  kHelloEvents,    // events_page.h
  kHelloDescriptors,
};

inline constexpr std::uint32_t kServesIpv4 = 1;
inline constexpr std::uint32_t kServesIpv6 = 2;

struct HelloMessage {
  OfferHeader header;
  std::uint32_t image_version;
  std::uint32_t worker_count;
  std::uint64_t pid;
  std::uint64_t generation;  // served now; 0: none yet
  Digest content_digest;     // of that generation
  std::uint32_t
      private_map;  // 1: maps private since this kernel refuses shared maps of sealed memfds
  std::uint32_t policy_check;  // of what is served (policy_check.h)
  ServiceState service;
  std::uint32_t families;         // of the served addresses: kServes...
  std::int64_t service_since_us;  // Unix time
};
static_assert(sizeof(HelloMessage) == 72);

// Followed by the object's descriptor.
struct ObjectMessage {
  OfferHeader header;
  ObjectKind kind;
  std::uint32_t reserved;
  std::uint64_t id;
  std::uint64_t size;
  Digest digest;
};
static_assert(sizeof(ObjectMessage) == 48);

// Followed by the manifest's descriptor.
struct OfferMessage {
  OfferHeader header;
  std::uint64_t generation;
  std::uint64_t size;
  Digest digest;  // of the manifest's bytes
};
static_assert(sizeof(OfferMessage) == 40);

// PUBLISHED, REJECTED, BUSY, RETIRED.
struct OfferReply {
  OfferHeader header;
  std::uint64_t generation;
  std::uint64_t
      microseconds;  // PUBLISHED: from the receipt of OFFER to the end of the grace period
  char text[232];    // REJECTED: why; BUSY: who keeps it waiting. NUL-ended
};
static_assert(sizeof(OfferReply) == 256);

// SERVICE: without a descriptor; the newest counts.
struct ServiceMessage {
  OfferHeader header;
  ServiceOrder order;
  std::uint32_t number;  // of this connection: 1, 2, ...
};
static_assert(sizeof(ServiceMessage) == 16);

// SERVICE_STATE: unasked, whenever it changes, and when the workers have taken an order up.
struct ServiceStateMessage {
  OfferHeader header;
  ServiceState state;
  std::uint32_t number;   // of the newest order that they have taken up; 0: none of this connection
  std::int64_t since_us;  // Unix time
};
static_assert(sizeof(ServiceStateMessage) == 24);

inline constexpr std::size_t kMaxOfferMessage = 256;

constexpr OfferHeader offer_header(OfferType type) noexcept {
  return {kOfferMagic, kOfferVersion, type};
}

}  // namespace dialtone::abi
