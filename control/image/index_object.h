// SPDX-License-Identifier: Apache-2.0
//
// The objects of an image that hold no files: index and manifest, built and sealed. Cold.
#pragma once

#include "control/image/image.h"
#include "dataplane/abi/index_builder.h"

#include <cstdint>
#include <span>

namespace dialtone::image_build {

Result<ObjectPtr> make_index(std::span<const abi::IndexItem> items, std::uint64_t seed,
                             std::uint32_t segment_count);

// Of an offer that has everything but its manifest.
Result<ObjectPtr> make_manifest(const Offer& offer, const ServedPolicy& policy,
                                std::span<const abi::Tombstone> tombstones);

}  // namespace dialtone::image_build
