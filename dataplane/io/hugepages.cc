// SPDX-License-Identifier: Apache-2.0
#include "dataplane/io/hugepages.h"

#include <filesystem>
#include <fstream>
#include <string>

namespace dialtone::io {

std::uint64_t free_hugepage_bytes() {
  namespace fs = std::filesystem;
  constexpr std::string_view kPrefix = "hugepages-";  // hugepages-2048kB
  std::uint64_t bytes = 0;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/sys/kernel/mm/hugepages", error)) {
    const std::string name = entry.path().filename();
    if (name.rfind(kPrefix, 0) != 0) {
      continue;
    }
    std::uint64_t pages = 0;
    std::ifstream(entry.path() / "free_hugepages") >> pages;
    bytes += pages * std::strtoull(name.c_str() + kPrefix.size(), nullptr, 10) * 1024;
  }
  return bytes;
}

}  // namespace dialtone::io
