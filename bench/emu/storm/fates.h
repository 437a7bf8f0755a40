// SPDX-License-Identifier: Apache-2.0
//
// What became of each request of a storm, by the second in which it was sent. Each copy of a
// request counts once, so that the sums are all that were sent. One thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace dialtone::emu {

enum class Fate : std::uint8_t {
  kServed,      // data came, or an OACK
  kNotFound,    // ERROR 1
  kLater,       // busy, or rebuilding
  kRefused,     // another ERROR, or a broken answer
  kUnanswered,  // it was sent again, or given up
  kOpen,        // when the storm was ended
};
inline constexpr std::size_t kFates = 6;
std::string_view fate_name(Fate fate) noexcept;

class Fates {
 public:
  using Second = std::array<std::uint32_t, kFates>;

  void note(std::uint32_t second, Fate fate) {
    if (second >= seconds_.size()) {
      seconds_.resize(second + 1);
    }
    ++seconds_[second][static_cast<std::size_t>(fate)];
  }
  const std::vector<Second>& seconds() const noexcept { return seconds_; }

 private:
  std::vector<Second> seconds_;
};

}  // namespace dialtone::emu
