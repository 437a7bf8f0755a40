// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/our_addresses.h"

#include "dataplane/base/check.h"
#include "dataplane/wire/neighbour.h"

#include <cstring>

namespace dialtone::server {

OurAddresses::OurAddresses(std::span<const IpAddress> addresses,
                           const wire::MacAddress& mac) noexcept {
  bool has_v6 = false;
  for (const IpAddress& address : addresses) {
    add(address);
    has_v6 |= !address.is_v4();
  }
  if (has_v6 && find(wire::link_local_of(mac)) == kNone) {
    add(wire::link_local_of(mac));
  }
}

void OurAddresses::add(const IpAddress& address) noexcept {
  DIALTONE_CHECK(size_ < kMaxAddresses);
  addresses_[size_] = address;
  set_state(size_, address.is_v4() ? AddressState::kUsable : AddressState::kTentative);
  ++size_;
}

// Of two workers that do this at one time one may be lost, and the next claim is noted again.
void OurAddresses::note_claim(std::size_t index, const wire::MacAddress& by) noexcept {
  const std::uint64_t last = claims_[index].load(std::memory_order_relaxed);
  std::uint64_t next = 0;
  std::memcpy(&next, by.bytes.data(), by.bytes.size());
  next |= ((last >> 48) + 1) << 48;
  claims_[index].store(next, std::memory_order_relaxed);
}

Claim OurAddresses::claim(std::size_t index) const noexcept {
  const std::uint64_t last = claims_[index].load(std::memory_order_relaxed);
  Claim claim{};
  std::memcpy(claim.by.bytes.data(), &last, claim.by.bytes.size());
  claim.number = static_cast<std::uint16_t>(last >> 48);
  return claim;
}

}  // namespace dialtone::server
