// SPDX-License-Identifier: Apache-2.0
//
// Bytes on their way to sources that have never answered. As long as no more than the limit are
// asked for within kDrainUs, the sum of what goes out stays below kByDefault times what came in,
// and kSpare bytes. Above it we are under attack: the sum stays below kUnderAttack times, so a
// forger gains little by us. One worker; hot.
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

  // Once, for a server whose first client asks for a name of a few bytes.
  static constexpr std::uint64_t kSpare = 4096;

  // An answer of `size` bytes to a request of `request_size`. `may_borrow`: the source has
  // neighbours that answer.
  Answer spend(std::size_t size, std::size_t request_size, bool may_borrow, Micros now) noexcept;
  // Out of the same credit to who repeats a request that was refused. The last kForNeighbours part
  // of it is not for him: a forger can repeat as well.
  bool lend_to_retry(std::size_t size) noexcept;
  bool is_attacked() const noexcept { return asked_ > limit_; }

  // A copy of an answer, where the request pays for both by kByDefault. Under attack there are
  // none.
  bool spend_copy(std::size_t size, Micros now) noexcept;

  // Answers that spend() was asked for under attack, so far.
  std::uint64_t under_attack() const noexcept { return under_attack_; }

  // The source has answered.
  void give_back(std::size_t size) noexcept {
    const std::uint64_t amount = std::uint64_t{size} << kShift;
    asked_ -= asked_ < amount ? asked_ : amount;
  }

 private:
  static constexpr Micros kDrainUs = 3'000'000;  // a packet of it has been answered, or is lost
  static constexpr std::uint64_t kForNeighbours = 8;  // of the limit
  static constexpr unsigned kShift = 20;              // asked_ drains by fractions of a byte

  // False: it is an attack.
  bool ask(std::size_t size, Micros now) noexcept;
  bool pay_by_default(std::size_t size, std::size_t request_size) noexcept;

  std::uint64_t limit_ = 0;  // shifted, as asked_ is
  std::uint64_t drained_each_us_ = 0;
  std::uint64_t asked_ = 0;  // what was refused included, up to twice the limit
  Micros drained_at_ = 0;
  std::uint64_t under_attack_ = 0;
  std::uint64_t credit_ = 0;      // bytes, under attack
  std::uint64_t spare_ = kSpare;  // bytes that requests have paid for and nobody gets
};

}  // namespace dialtone::server
