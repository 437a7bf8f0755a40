// SPDX-License-Identifier: Apache-2.0
//
// A sound image of two segments, a base and a delta, which an input then spoils: bytes changed,
// objects cut. Each object stands in memory of exactly its size, so that a sanitizer sees who reads
// behind it.
#pragma once

#include "dataplane/abi/image_format.h"
#include "tests/fuzz/input.h"
#include "tests/support/test_image.h"

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace dialtone::fuzz {

class HostileImage {
 public:
  enum Object : std::size_t { kManifest, kBase, kDelta, kFirstSegment, kSecondSegment, kObjects };

  HostileImage();

  // As sound as it was made.
  void restore();
  // Patches until the input ends: 1 byte object, 2 bytes offset, 1 byte length, the bytes. An
  // object number above kObjects cuts the object to the offset.
  void spoil(Input& input);
  // The manifest tells the digests, and with `sizes` the sizes, of what was spoilt.
  void refresh(bool sizes);

  std::span<std::byte> bytes(std::size_t object) { return views_[object]; }

 private:
  void keep(Object object, std::span<const std::byte> bytes);

  std::array<std::vector<std::byte>, kObjects> sound_;
  std::array<std::unique_ptr<test::AlignedBytes>, kObjects> memory_;
  std::array<std::unique_ptr<test::AlignedBytes>, kObjects> cut_;
  std::array<std::span<std::byte>, kObjects> views_;
};

}  // namespace dialtone::fuzz
