// SPDX-License-Identifier: Apache-2.0
//
// Bytes put together, of which a stamp is taken. Hot in a build: keeps its memory from device to
// device. One thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace dialtone::database {

class StampText {
 public:
  void clear() noexcept { used_ = 0; }
  void put(std::string_view text) {  // with its length, so that no two texts look like two others
    const auto size = static_cast<std::uint32_t>(text.size());
    char* out = room(sizeof(size) + text.size());
    std::memcpy(out, &size, sizeof(size));
    if (!text.empty()) {
      std::memcpy(out + sizeof(size), text.data(), text.size());
    }
  }
  void put(std::uint32_t number) { std::memcpy(room(sizeof(number)), &number, sizeof(number)); }
  void put_all(std::span<const std::uint32_t> numbers) {
    std::memcpy(room(numbers.size_bytes()), numbers.data(), numbers.size_bytes());
  }
  // Without its length.
  void put_literal(std::string_view text) { text.copy(room(text.size()), text.size()); }

  std::string_view view() const noexcept { return {bytes_.data(), used_}; }

 private:
  char* room(std::size_t bytes) {
    if (bytes_.size() - used_ < bytes) {
      bytes_.resize(2 * bytes_.size() + std::max(bytes, kUsual));
    }
    char* const at = bytes_.data() + used_;
    used_ += bytes;
    return at;
  }

  static constexpr std::size_t kUsual = 1024;

  std::vector<char> bytes_;
  std::size_t used_ = 0;
};

}  // namespace dialtone::database
