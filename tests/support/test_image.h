// SPDX-License-Identifier: Apache-2.0
//
// A whole image on the heap for tests and benchmarks: add files, build, get a LiveImage. The bytes
// are the same that control would seal; only the memory differs.
#pragma once

#include "dataplane/abi/image_format.h"
#include "dataplane/abi/index_builder.h"
#include "dataplane/abi/live_image.h"
#include "dataplane/abi/segment_writer.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::test {

// Zeroed, cache-line-aligned bytes.
class AlignedBytes {
 public:
  explicit AlignedBytes(std::size_t size);
  std::span<std::byte> span() const { return {data_.get(), size_}; }

 private:
  struct Free {
    void operator()(std::byte* bytes) const {
      ::operator delete[](bytes, std::align_val_t{kCacheLine});
    }
  };
  std::unique_ptr<std::byte[], Free> data_;
  std::size_t size_;
};

// A segment of fixed capacity on the heap. claim() is thread-safe.
class HeapSpace : public abi::SegmentSpace {
 public:
  explicit HeapSpace(std::size_t capacity, std::size_t chunk = 4096);
  Result<Chunk> claim(std::size_t min_bytes) override;

  std::span<std::byte> used() { return memory_.span().first(next_.load()); }

 private:
  AlignedBytes memory_;
  std::size_t chunk_;
  std::atomic<std::size_t> next_{kCacheLine};
};

inline constexpr std::uint64_t kTestSeed = 0x5eed;

class TestImage {
 public:
  explicit TestImage(std::size_t capacity = 1 << 20, std::uint64_t generation = 1);

  // `name` must be canonical.
  TestImage& add(std::string_view name, std::string_view content,
                 abi::FileClass file_class = abi::FileClass::kOther);
  // Its segment's slot: another one than that of an image beside it.
  TestImage& in_slot(std::uint16_t slot) {
    slot_ = slot;
    return *this;
  }
  TestImage& add_kind(std::string_view name, std::string_view content, abi::Kind kind);

  // Its name is known to be absent, for so long after publish_at().
  TestImage& add_tombstone(std::string_view name, std::uint32_t left_ms);
  TestImage& publish_at(Ticks now) {
    live_.published = now;
    return *this;
  }

  // Ends the image; no add() after it. The manifest and index may be changed through the spans
  // below before they are read, to make hostile ones.
  TestImage& build();

  const abi::LiveImage& live() const { return live_; }
  abi::Policy& policy() { return policy_; }
  std::vector<abi::ClientRange>& client_ranges() { return client_ranges_; }
  abi::Manifest& manifest() { return *reinterpret_cast<abi::Manifest*>(manifest_->span().data()); }
  std::span<std::byte> manifest_bytes() { return manifest_->span(); }
  std::span<std::byte> index_bytes() { return index_->span(); }
  std::span<std::byte> segment_bytes() { return space_.used(); }
  // Makes the references in the manifest true again after such a change.
  void refresh_refs();

 private:
  HeapSpace space_;
  abi::SegmentWriter writer_;
  std::uint64_t generation_;
  abi::Policy policy_;
  std::vector<abi::ClientRange> client_ranges_;
  std::deque<std::string> names_;
  std::vector<abi::IndexItem> items_;
  std::vector<abi::Tombstone> tombstones_;
  std::unique_ptr<AlignedBytes> index_;
  std::unique_ptr<AlignedBytes> manifest_;
  const std::byte* segment_base_ = nullptr;
  std::uint16_t slot_ = 0;
  abi::LiveImage live_;
};

// What control ships (image_build::default_policy), but without limits, so that one address may ask
// as often as it likes, and with more copies, so that their gaps are seen to grow.
abi::Policy unlimited_policy();

}  // namespace dialtone::test
