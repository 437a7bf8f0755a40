// SPDX-License-Identifier: Apache-2.0
//
// How many huge pages the machine has for the next image. While an old generation drains its pages
// are still there, so a full build needs as many free ones as the image has. Cold; any thread.
#pragma once

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

// What to say to a person when `needed` bytes do not fit; empty when they do, or when the machine
// has reserved no such pages at all: then it goes without by choice.
std::string huge_page_shortage(const std::optional<HugePagePool>& pool, std::uint64_t needed);

}  // namespace dialtone::image_build
