// SPDX-License-Identifier: Apache-2.0
#include "control/image/index_object.h"

#include <unistd.h>

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

namespace dialtone::image_build {
namespace {

abi::IndexRef index_ref(const ObjectPtr& index) {
  return index == nullptr ? abi::IndexRef{} : abi::IndexRef{index->id, index->size, index->digest};
}

}  // namespace

Result<ObjectPtr> make_index(std::span<const abi::IndexItem> items, std::uint64_t seed,
                             std::uint32_t segment_count) {
  const std::size_t size = abi::index_size(items.size());
  auto fd = new_memfd(Pages::kSmall);
  if (!fd) {
    return fd.error();
  }
  DIALTONE_TRY(reserve(fd->get(), 0, size));
  const std::uint64_t id = random_id();
  {
    void* address = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd->get(), 0);
    if (address == MAP_FAILED) {
      return errno_error("mapping an index", errno);
    }
    const Mapping mapping(address, size);
    DIALTONE_TRY(abi::build_index(items, id, seed, segment_count, mapping.writable_bytes()));
  }
  return seal(*std::move(fd), id, size, Pages::kSmall);
}

Result<ObjectPtr> make_manifest(const Offer& offer, const ServedPolicy& policy,
                                std::span<const abi::Tombstone> tombstones) {
  abi::Manifest head{};
  head.magic = abi::kManifestMagic;
  head.version = abi::kImageVersion;
  head.segment_count = static_cast<std::uint32_t>(offer.segments.size());
  head.generation = offer.generation;
  head.content_digest = offer.content_digest;
  head.file_count = offer.file_count;
  head.base = index_ref(offer.base);
  head.delta = index_ref(offer.delta);
  head.policy = policy.policy;
  head.tombstone_count = static_cast<std::uint32_t>(tombstones.size());
  head.client_range_count = static_cast<std::uint32_t>(policy.clients.size());
  const auto clients = std::as_bytes(std::span(policy.clients));
  std::vector<std::byte> bytes(sizeof(head) + offer.segments.size() * sizeof(abi::SegmentRef) +
                               tombstones.size_bytes() + clients.size());
  std::memcpy(bytes.data(), &head, sizeof(head));
  std::byte* out = bytes.data() + sizeof(head);
  for (const ObjectPtr& segment : offer.segments) {
    const abi::SegmentRef ref{segment->id, segment->size, segment->digest};
    std::memcpy(out, &ref, sizeof(ref));
    out += sizeof(ref);
  }
  out = std::ranges::copy(std::as_bytes(tombstones), out).out;
  std::ranges::copy(clients, out);
  return seal_bytes(bytes, random_id());
}

}  // namespace dialtone::image_build
