// SPDX-License-Identifier: Apache-2.0
//
// Checks objects of an image as hostile input: after these pass, ImageView may read without a
// bounds check. Every Error says which object, which entry and what is wrong. Cold; housekeeper and
// control; what takes long goes over the threads of a Spread. The caller has already made sure that
// the memory cannot change or shrink (seals).
#pragma once

#include "dataplane/abi/image_format.h"
#include "dataplane/abi/image_view.h"
#include "dataplane/base/result.h"
#include "dataplane/base/spread.h"

#include <cstddef>
#include <span>

namespace dialtone::abi {

// Magic, version, segment table, tombstones, policy ranges. `bytes` begins with the manifest.
Result<void> validate_manifest(std::span<const std::byte> bytes);

// The tables behind a validated manifest.
std::span<const SegmentRef> segment_table(const Manifest& manifest) noexcept;
std::span<const Tombstone> tombstone_table(const Manifest& manifest) noexcept;

// Magic, version, id, size and digest of a segment against its reference.
Result<void> validate_segment(std::span<const std::byte> bytes, const SegmentRef& ref,
                              const Spread& spread = Spread());

// Header and digest of an index against its reference, and every entry: its segment exists, its
// record, name, content and sums lie inside that segment, its name is canonical and is found again
// under its key. `segments` are validated; there are at least header.segment_count of them.
Result<void> validate_index(std::span<const std::byte> bytes, const IndexRef& ref,
                            std::span<const std::span<const std::byte>> segments,
                            const Spread& spread = Spread());

// What only the pair can show: base and delta share the seed.
Result<void> validate_pair(const IndexView& base, const IndexView& delta);

}  // namespace dialtone::abi
