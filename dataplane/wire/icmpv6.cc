// SPDX-License-Identifier: Apache-2.0
#include "dataplane/wire/icmpv6.h"

#include "dataplane/wire/checksum.h"

namespace dialtone::wire {

bool is_sound_icmpv6(const Ipv6Header& ip, std::span<const std::byte> message) noexcept {
  return message.size() >= sizeof(IcmpHeader) &&
         is_valid(pseudo_header_sum(ip.source, ip.destination,
                                    static_cast<std::uint32_t>(message.size()), kNextIcmpv6) +
                  sum_bytes(message));
}

void finish_icmpv6(const NetAddress6& source, const NetAddress6& destination,
                   std::span<std::byte> message) noexcept {
  auto* header = reinterpret_cast<IcmpHeader*>(message.data());
  header->checksum.set_raw(0);
  header->checksum.set_raw(
      finish(pseudo_header_sum(source, destination, static_cast<std::uint32_t>(message.size()),
                               kNextIcmpv6) +
             sum_bytes(message)));
}

}  // namespace dialtone::wire
