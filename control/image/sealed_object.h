// SPDX-License-Identifier: Apache-2.0
//
// A finished object of an image as control keeps it: the sealed memfd that it hands to a dataplane,
// now and after each restart of one, and a read-only map of it. Immutable; shared by the
// generations that use it, and gone from memory when the last of them and the dataplane let go.
#pragma once

#include "dataplane/abi/object_digest.h"
#include "dataplane/abi/offer_protocol.h"
#include "dataplane/base/mapping.h"
#include "dataplane/base/result.h"
#include "dataplane/base/unique_fd.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

namespace dialtone::image_build {

enum class Pages : std::uint8_t { kSmall, kHuge };  // 4 KiB, 2 MiB

struct SealedObject {
  std::uint64_t id = 0;
  std::uint64_t size = 0;  // bytes in use; the memfd may be longer
  Digest digest;           // of those bytes
  Pages pages = Pages::kSmall;
  UniqueFd fd;
  Mapping mapping;

  std::span<const std::byte> bytes() const noexcept { return mapping.bytes().first(size); }
};

using ObjectPtr = std::shared_ptr<const SealedObject>;

// Never 0, and never met twice.
std::uint64_t random_id();

// A memfd that can be sealed. kHuge fails where the kernel has no such pages at all.
Result<UniqueFd> new_memfd(Pages pages);

// Gives `bytes` of `fd` their pages; fails when memory is short. What lay there stays, but of huge
// pages some may have been given by then: the memfd keeps them until it is cut or closed.
Result<void> reserve(int fd, std::uint64_t offset, std::uint64_t bytes);

// Ends all writing to `fd`: no writable map of it may exist. Maps it read-only. `digest` says the
// abi::object_digest() of its bytes, for who knows most of it already.
using TakeDigest = std::function<Digest(std::span<const std::byte> bytes)>;
Result<ObjectPtr> seal(UniqueFd fd, std::uint64_t id, std::uint64_t size, Pages pages,
                       const TakeDigest& digest = abi::object_digest);

// A small object written from memory: a manifest.
Result<ObjectPtr> seal_bytes(std::span<const std::byte> bytes, std::uint64_t id);

}  // namespace dialtone::image_build
