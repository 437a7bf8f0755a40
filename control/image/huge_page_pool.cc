// SPDX-License-Identifier: Apache-2.0
#include "control/image/huge_page_pool.h"

#include <algorithm>
#include <fstream>

namespace dialtone::image_build {
namespace {

constexpr std::uint64_t kPage = std::uint64_t{2} << 20;

}  // namespace

std::optional<HugePagePool> read_huge_page_pool(const std::string& folder) {
  std::uint64_t pages[5] = {};
  const char* const names[] = {"nr_hugepages", "free_hugepages", "resv_hugepages",
                               "nr_overcommit_hugepages", "surplus_hugepages"};
  for (std::size_t i = 0; i < std::size(names); ++i) {
    std::ifstream file(folder + '/' + names[i]);
    if (!(file >> pages[i])) {
      return std::nullopt;
    }
  }
  const auto [count, free, reserved, overcommit, surplus] = pages;
  const std::uint64_t more = overcommit - std::min(overcommit, surplus);
  return HugePagePool{(count + more) * kPage, (free - std::min(free, reserved) + more) * kPage};
}

std::string huge_page_shortage(const std::optional<HugePagePool>& pool, std::uint64_t needed) {
  if (!pool || pool->total_bytes == 0 || pool->free_bytes >= needed) {
    return {};
  }
  const std::uint64_t lack = (needed - pool->free_bytes + kPage - 1) / kPage;
  return "a full build would lay " + std::to_string(needed >> 20) + " MiB on huge pages, and " +
         std::to_string(pool->free_bytes >> 20) +
         " MiB are free: the rest goes to ordinary pages, which serve it slower; sysctl "
         "vm.nr_hugepages=" +
         std::to_string(pool->total_bytes / kPage + lack) + " gives room for it";
}

}  // namespace dialtone::image_build
