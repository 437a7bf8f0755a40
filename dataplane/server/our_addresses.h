// SPDX-License-Identifier: Apache-2.0
//
// The addresses that the appliance answers for, IPv4 and IPv6, one table for all workers. An IPv6
// address may be used once nobody else was found to have it (RFC 4862 5.4), an IPv4 one at once.
// Addresses never change; states, claims and defences are set by whichever worker learns of it,
// read by all.
#pragma once

#include "dataplane/base/ip_address.h"
#include "dataplane/base/tsc_clock.h"
#include "dataplane/wire/mac_address.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

namespace dialtone::server {

enum class AddressState : std::uint8_t {
  kTentative,  // being asked for: answers nothing
  kUsable,
  kDuplicate,  // another host has it: answers nothing, until it is asked for again
};

struct Claim {
  wire::MacAddress by;
  std::uint16_t number;

  friend constexpr bool operator==(const Claim&, const Claim&) = default;
};

class OurAddresses {
 public:
  static constexpr std::size_t kMaxAddresses = 16;
  static constexpr std::uint8_t kNone = 0xff;
  static constexpr Micros kDefendInterval = 10'000'000;  // RFC 5227 DEFEND_INTERVAL

  // With an IPv6 address comes the link-local one of the MAC, which neighbour discovery needs. At
  // most kMaxAddresses with that.
  OurAddresses(std::span<const IpAddress> addresses, const wire::MacAddress& mac) noexcept;

  std::size_t size() const noexcept { return size_; }
  const IpAddress& at(std::size_t index) const noexcept { return addresses_[index]; }

  // The index of an address, usable or not; kNone. Hot: the first is the likely one.
  std::uint8_t find(const IpAddress& address) const noexcept {
    for (std::size_t i = 0; i < size_; ++i) {
      if (addresses_[i] == address) {
        return static_cast<std::uint8_t>(i);
      }
    }
    return kNone;
  }
  bool is_usable(std::size_t index) const noexcept { return state(index) == AddressState::kUsable; }
  AddressState state(std::size_t index) const noexcept {
    return states_[index].load(std::memory_order_relaxed);
  }
  // Tentative before, and lost to another host now.
  bool lose(std::size_t index) noexcept {
    AddressState tentative = AddressState::kTentative;
    return states_[index].compare_exchange_strong(tentative, AddressState::kDuplicate,
                                                  std::memory_order_relaxed);
  }
  // Lost before, and tentative now.
  void ask_again(std::size_t index) noexcept {
    AddressState duplicate = AddressState::kDuplicate;
    states_[index].compare_exchange_strong(duplicate, AddressState::kTentative,
                                           std::memory_order_relaxed);
  }
  // Tentative before or in use already, and in use now; false: it is lost to another host.
  bool take(std::size_t index) noexcept {
    AddressState found = AddressState::kTentative;
    return states_[index].compare_exchange_strong(found, AddressState::kUsable,
                                                  std::memory_order_relaxed) ||
           found == AddressState::kUsable;
  }
  void set_state(std::size_t index, AddressState state) noexcept {
    states_[index].store(state, std::memory_order_relaxed);
  }

  // Whether a claim of this address is to be answered: true for one worker in kDefendInterval.
  bool may_defend(std::size_t index, Micros now) noexcept {
    Micros from = defend_from_[index].load(std::memory_order_relaxed);
    return now >= from && defend_from_[index].compare_exchange_strong(from, now + kDefendInterval,
                                                                      std::memory_order_relaxed);
  }

  // Another host has claimed this address just now.
  void note_claim(std::size_t index, const wire::MacAddress& by) noexcept;
  // Which one did last, and how often this was noted so far, modulo 65536.
  Claim claim(std::size_t index) const noexcept;

 private:
  void add(const IpAddress& address) noexcept;

  std::size_t size_ = 0;
  std::array<IpAddress, kMaxAddresses> addresses_{};
  std::array<std::atomic<AddressState>, kMaxAddresses> states_{};
  std::array<std::atomic<std::uint64_t>, kMaxAddresses> claims_{};  // a MAC, and 16 bits of number
  std::array<std::atomic<Micros>, kMaxAddresses> defend_from_{};
};

}  // namespace dialtone::server
