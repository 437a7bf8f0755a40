// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/our_addresses.h"

#include "dataplane/base/check.h"
#include "dataplane/wire/neighbour.h"

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

}  // namespace dialtone::server
