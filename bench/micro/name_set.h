// SPDX-License-Identifier: Apache-2.0
//
// An image of very many phones' names, each with a file of one byte; index and records lie on 2 MB
// pages where the kernel gives them.
#pragma once

#include "bench/micro/meter.h"
#include "dataplane/abi/canonical_name.h"
#include "tests/support/test_image.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace dialtone::bench {

class NameSet {
 public:
  // Prefixes of names that are there, and of names that are not.
  static constexpr const char* kThere = "sep0011";
  static constexpr const char* kMissing = "sepffff";

  explicit NameSet(std::uint64_t count);

  const abi::LiveImage& live() const { return image_.live(); }
  const abi::ImageView& view() const { return image_.live().view; }
  bool on_huge_pages() const { return huge_; }

  // Random names that begin so.
  void draw(const char* prefix, std::array<abi::CanonicalName, kBurst>& out);
  // A random index line, and a random line of the records' memory.
  const abi::IndexLine* draw_line();
  const std::byte* draw_record();

 private:
  std::uint64_t below(std::uint64_t bound);

  std::uint64_t count_;
  std::uint64_t state_ = 1;
  test::TestImage image_;
  bool huge_ = false;
};

}  // namespace dialtone::bench
