// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/firmware_version.h"

#include <charconv>
#include <string>
#include <system_error>
#include <vector>

namespace dialtone::emu {
namespace {

// "8.0.4", "8.0(4)", "8-0-4": numbers, whatever stands between them.
std::vector<int> version_of(const std::string& text) {
  std::vector<int> numbers;
  for (std::size_t at = 0; at < text.size();) {
    int number = 0;
    const char* end = text.data() + text.size();
    const auto [rest, fault] = std::from_chars(text.data() + at, end, number);
    if (fault != std::errc{} || number < 0) {
      ++at;
      continue;
    }
    numbers.push_back(number);
    at = static_cast<std::size_t>(rest - text.data());
  }
  return numbers;
}

// "SCCP41.8-0-3S" and "P0S3-08-12-00" name a platform first.
std::string version_part(const std::string& firmware) {
  if (firmware.empty() || (firmware[0] >= '0' && firmware[0] <= '9')) {
    return firmware;
  }
  const std::size_t at = firmware.find(firmware.starts_with("P0") ? '-' : '.');
  return at == std::string::npos ? std::string() : firmware.substr(at + 1);
}

}  // namespace

bool is_before_8_0_4(const DeviceOptions& options) {
  const std::vector<int> version = version_of(version_part(options.firmware));
  return options.profile == "cm3" || (!version.empty() && version < std::vector{8, 0, 4});
}

}  // namespace dialtone::emu
