// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/client_prefixes.h"
#include "dataplane/abi/image_validate.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace dialtone::abi {
namespace {

std::string number(std::uint64_t value) {
  return std::to_string(value);
}

constexpr std::uint32_t kMaxWindowBytes = 16u << 20;
// Shorter than the silence after which a client that waits is given up (server/parked_requests.h).
constexpr std::uint32_t kMaxMissParkMs = 8000;

bool is_terminated(const ErrorReply& reply) noexcept {
  return std::memchr(reply.text, 0, sizeof(reply.text)) != nullptr;
}

Result<void> check_miss_rule(const Policy& policy) {
  if (policy.miss_rule != MissRule::kAtOnce && policy.miss_rule != MissRule::kAsk) {
    return refused("manifest: miss_rule " + number(static_cast<std::uint32_t>(policy.miss_rule)) +
                   " is not known to this version");
  }
  if (policy.miss_rule == MissRule::kAsk &&
      (policy.miss_park_ms < 10 || policy.miss_park_ms > kMaxMissParkMs)) {
    return refused("manifest: miss_park_ms " + number(policy.miss_park_ms) + " is outside 10.." +
                   number(kMaxMissParkMs));
  }
  return {};
}

Result<void> check_admission(const Policy& policy) {
  constexpr std::uint32_t kMaxRate = 100'000;
  constexpr std::uint32_t kMaxProvenS = 604'800;
  if (policy.answers_busy > 1 || policy.answers_denied > 1) {
    return refused("manifest: a flag of the policy is neither 0 nor 1");
  }
  if (policy.source_requests > kMaxRate || policy.prefix_requests > kMaxRate) {
    return refused("manifest: source_requests " + number(policy.source_requests) +
                   " or prefix_requests " + number(policy.prefix_requests) + " is above " +
                   number(kMaxRate));
  }
  if (policy.first_packets > kMaxFirstPackets) {
    return refused("manifest: first_packets " + number(policy.first_packets) + " is above " +
                   number(kMaxFirstPackets));
  }
  if (policy.unproven_bytes != 0 &&
      (policy.unproven_bytes < kMinUnprovenBytes || policy.unproven_bytes > kMaxUnprovenBytes)) {
    return refused("manifest: unproven_bytes " + number(policy.unproven_bytes) +
                   " is neither 0, for no limit, nor within " + number(kMinUnprovenBytes) + ".." +
                   number(kMaxUnprovenBytes));
  }
  if (policy.proven_s < 1 || policy.proven_s > kMaxProvenS) {
    return refused("manifest: proven_s " + number(policy.proven_s) + " is outside 1.." +
                   number(kMaxProvenS));
  }
  return {};
}

Result<void> check_tombstones(std::span<const Tombstone> tombstones) {
  for (std::size_t i = 0; i < tombstones.size(); ++i) {
    if (tombstones[i].left_ms == 0 || tombstones[i].left_ms > kMaxTombstoneMs) {
      return refused("manifest: tombstone " + number(i) + " lasts " +
                     number(tombstones[i].left_ms) + " ms, which is outside 1.." +
                     number(kMaxTombstoneMs));
    }
    if (i != 0 && tombstones[i - 1].key >= tombstones[i].key) {
      return refused("manifest: tombstone " + number(i) + " is not in the order of the keys");
    }
  }
  return {};
}

// Every address lies in exactly one range, and a search by halving finds it.
Result<void> check_client_ranges(std::span<const ClientRange> ranges) {
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const ClientRange& range = ranges[i];
    if (range.allowed > 1) {
      return refused("manifest: client range " + number(i) + " is neither allowed nor denied");
    }
    if (i == 0 ? range.high != 0 || range.low != 0
               : !begins_before({ranges[i - 1].high, ranges[i - 1].low}, range) ||
                     range.allowed == ranges[i - 1].allowed) {
      return refused("manifest: client range " + number(i) +
                     " does not begin where it should, behind another one");
    }
  }
  return {};
}

Result<void> check_policy(const Policy& policy) {
  if (policy.retransmit_ms < 50 || policy.retransmit_ms > 60000) {
    return refused("manifest: retransmit_ms " + number(policy.retransmit_ms) +
                   " is outside 50..60000");
  }
  if (policy.retransmits > 20) {
    return refused("manifest: retransmits " + number(policy.retransmits) + " is above 20");
  }
  if (policy.first_copies > policy.retransmits) {
    return refused("manifest: first_copies " + number(policy.first_copies) +
                   " is above retransmits");
  }
  if (policy.max_window < 1 || policy.max_window > 255) {
    return refused("manifest: max_window " + number(policy.max_window) + " is outside 1..255");
  }
  if (policy.max_window_bytes < 512 || policy.max_window_bytes > kMaxWindowBytes) {
    return refused("manifest: max_window_bytes " + number(policy.max_window_bytes) +
                   " is outside 512.." + number(kMaxWindowBytes));
  }
  DIALTONE_TRY(check_miss_rule(policy));
  DIALTONE_TRY(check_admission(policy));
  for (const ErrorReply* reply :
       {&policy.not_found, &policy.access_violation, &policy.illegal_operation, &policy.unknown_tid,
        &policy.busy, &policy.rebuilding}) {
    if (!is_terminated(*reply)) {
      return refused("manifest: the text of error " + number(reply->code) + " has no end");
    }
  }
  return {};
}

}  // namespace

Result<void> validate_manifest(std::span<const std::byte> bytes) {
  if (bytes.size() < sizeof(Manifest)) {
    return refused("manifest: " + number(bytes.size()) + " bytes are too short");
  }
  const auto& manifest = *reinterpret_cast<const Manifest*>(bytes.data());
  if (manifest.magic != kManifestMagic || manifest.version != kImageVersion) {
    return refused("manifest: not a manifest of version " + number(kImageVersion));
  }
  if (manifest.segment_count > kMaxSegments || manifest.tombstone_count > kMaxTombstones ||
      manifest.client_range_count > kMaxClientRanges ||
      bytes.size() != sizeof(Manifest) + manifest.segment_count * sizeof(SegmentRef) +
                          manifest.tombstone_count * sizeof(Tombstone) +
                          manifest.client_range_count * sizeof(ClientRange)) {
    return refused("manifest: " + number(manifest.segment_count) + " segments, " +
                   number(manifest.tombstone_count) + " tombstones and " +
                   number(manifest.client_range_count) + " client ranges do not match its " +
                   number(bytes.size()) + " bytes");
  }
  if (manifest.generation == 0) {
    return refused("manifest: generation 0 does not exist");
  }
  if (manifest.base.id == 0 || manifest.base.id == manifest.delta.id) {
    return refused("manifest: the base index has no id of its own");
  }
  const std::span<const SegmentRef> segments = segment_table(manifest);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (segments[i].id == 0 || segments[i].size < sizeof(SegmentHeader) ||
        segments[i].size > kMaxSegmentBytes) {
      return refused("manifest: segment " + number(i) + " has no id or an impossible size");
    }
    const auto same = [&](const SegmentRef& other) { return other.id == segments[i].id; };
    if (std::any_of(segments.begin(), segments.begin() + static_cast<std::ptrdiff_t>(i), same)) {
      return refused("manifest: segment " + number(i) + " stands twice");
    }
  }
  DIALTONE_TRY(check_tombstones(tombstone_table(manifest)));
  DIALTONE_TRY(check_client_ranges(client_ranges(manifest)));
  return check_policy(manifest.policy);
}

std::span<const SegmentRef> segment_table(const Manifest& manifest) noexcept {
  return {reinterpret_cast<const SegmentRef*>(&manifest + 1), manifest.segment_count};
}

std::span<const Tombstone> tombstone_table(const Manifest& manifest) noexcept {
  const std::span<const SegmentRef> segments = segment_table(manifest);
  return {reinterpret_cast<const Tombstone*>(segments.data() + segments.size()),
          manifest.tombstone_count};
}

}  // namespace dialtone::abi
