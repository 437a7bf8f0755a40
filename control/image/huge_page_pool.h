// SPDX-License-Identifier: Apache-2.0
//
// How many huge pages the machine has for the images to come. While an old generation drains its
// pages are still there, so a full build needs as many free ones as the image has, and several
// builds need that several times. Cold; any thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

namespace dialtone::image_build {

struct HugePagePool {
  std::uint64_t total_bytes = 0;  // those that the kernel may still add by itself included
  std::uint64_t free_bytes = 0;   // that nobody has reserved
};

inline constexpr const char* kHugePageFolder = "/sys/kernel/mm/hugepages/hugepages-2048kB";

// Nothing where the kernel has no such pages.
std::optional<HugePagePool> read_huge_page_pool(const std::string& folder = kHugePageFolder);

// Images that may be there at once, when a dataplane keeps `live` generations at most: those, one
// that BUSY keeps waiting in control, and one that is being built meanwhile.
constexpr std::uint32_t most_images(std::uint32_t live) noexcept {
  return live + 2;
}

// In bytes of huge pages.
struct HugePageNeed {
  std::uint64_t next = 0;  // of a full build
  std::uint64_t peak = 0;  // of all images that may be there at once
  std::uint64_t live = 0;  // of those that are there

  std::uint64_t further() const noexcept { return peak - std::min(peak, live); }
};

// What to say to a person when the next build does not fit, or not all that may come; empty when
// they do, or when the machine has reserved no such pages at all: then it goes without by choice.
std::string huge_page_shortage(const std::optional<HugePagePool>& pool, const HugePageNeed& need);

}  // namespace dialtone::image_build
