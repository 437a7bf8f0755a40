// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/storm/text_file.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace dialtone::emu {

Result<std::string> read_text_file(const std::string& path) {
  constexpr std::uintmax_t kMost = std::uintmax_t{256} << 20;
  std::error_code fault;
  if (!std::filesystem::is_regular_file(path, fault)) {
    return usage(path + (fault ? ": " + fault.message() : " is no file"));
  }
  if (std::filesystem::file_size(path, fault) > kMost || fault) {
    return usage(path + " has more than 256 MiB");
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return usage(errno_error("opening " + path, errno).text);
  }
  return std::string((std::istreambuf_iterator<char>(in)), {});
}

}  // namespace dialtone::emu
