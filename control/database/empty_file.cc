// SPDX-License-Identifier: Apache-2.0
#include "control/database/empty_file.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

namespace dialtone::database {
namespace {

// https://www.sqlite.org/fileformat.html, 1.3: the first page begins with it. Each table has a page
// of its own behind that.
constexpr std::string_view kMagic("SQLite format 3\0", 16);
constexpr std::size_t kPageSizeAt = 16;  // two bytes, the higher one first; 1 is 65536

}  // namespace

bool is_empty_file(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const auto length = fs::file_size(path, error);
  if (error || length == 0) {
    return !error;
  }
  if (const auto wal = fs::file_size(path + "-wal", error); !error && wal != 0) {
    return false;  // the tables may be there
  }
  std::array<char, kPageSizeAt + 2> begin{};
  std::ifstream file(path, std::ios::binary);
  if (!file.read(begin.data(), begin.size()) ||
      std::string_view(begin.data(), kMagic.size()) != kMagic) {
    return false;
  }
  const auto high = static_cast<unsigned char>(begin[kPageSizeAt]);
  const auto low = static_cast<unsigned char>(begin[kPageSizeAt + 1]);
  const std::uintmax_t page = high == 0 && low == 1 ? 65536u : high * 256u + low;
  return length <= page;
}

}  // namespace dialtone::database
