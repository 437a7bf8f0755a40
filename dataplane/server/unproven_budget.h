// SPDX-License-Identifier: Apache-2.0
//
// Bytes on their way to sources that have never answered. As long as no more than the limit are
// asked for within kDrainUs, all may go out. Above it we are under attack: the sum of what goes out
// stays below kUnderAttack times what came in, so a forger gains little by us. One worker; hot.
#pragma once

#include "dataplane/base/tsc_clock.h"

#include <cstddef>
#include <cstdint>

namespace dialtone::server {

class UnprovenBudget {
 public:
  // Bytes out for each byte of a request, of UDP payload.
  static constexpr std::size_t kUnderAttack = 4;
  static constexpr std::size_t kByDefault = 33;

  enum class Answer : std::uint8_t {
    kNo,
    kYes,
    kOnCredit,  // larger than its request pays for, out of what others have left
  };

  void set_limit(std::uint32_t bytes) noexcept;  // 0: none

  // An answer of `size` bytes to a request of `request_size`. `may_borrow`: the source has
  // neighbours that answer.
  Answer spend(std::size_t size, std::size_t request_size, bool may_borrow, Micros now) noexcept;

  // The source has answered.
  void give_back(std::size_t size) noexcept {
    const std::uint64_t amount = std::uint64_t{size} << kShift;
    asked_ -= asked_ < amount ? asked_ : amount;
  }

 private:
  static constexpr Micros kDrainUs = 3'000'000;  // a packet of it has been answered, or is lost
  static constexpr unsigned kShift = 20;         // asked_ drains by fractions of a byte

  void drain(Micros now) noexcept;

  std::uint64_t limit_ = 0;  // shifted, as asked_ is
  std::uint64_t drained_each_us_ = 0;
  std::uint64_t asked_ = 0;  // what was refused included, up to twice the limit
  Micros drained_at_ = 0;
  std::uint64_t credit_ = 0;  // bytes
};

}  // namespace dialtone::server
