// SPDX-License-Identifier: Apache-2.0
#include "control/image/huge_page_pool.h"

#include <algorithm>
#include <fstream>

namespace dialtone::image_build {
namespace {

constexpr std::uint64_t kPage = std::uint64_t{2} << 20;

std::string mib(std::uint64_t bytes) {
  return std::to_string(bytes >> 20) + " MiB";
}

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

std::string huge_page_shortage(const std::optional<HugePagePool>& pool, const HugePageNeed& need) {
  const std::uint64_t most = std::max(need.next, need.further());
  if (!pool || pool->total_bytes == 0 || pool->free_bytes >= most) {
    return {};
  }
  const std::uint64_t lack = (most - pool->free_bytes + kPage - 1) / kPage;
  const std::string what = pool->free_bytes < need.next
                               ? "a full build would lay " + mib(need.next) + " on huge pages, and "
                               : "while slow transfers read old generations, images may take " +
                                     mib(most) + " more of huge pages, and ";
  return what + mib(pool->free_bytes) +
         " are free: the rest goes to ordinary pages, which serve it slower; sysctl "
         "vm.nr_hugepages=" +
         std::to_string(pool->total_bytes / kPage + lack) + " gives room for all that may be there";
}

}  // namespace dialtone::image_build
