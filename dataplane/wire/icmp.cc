// SPDX-License-Identifier: Apache-2.0
#include "dataplane/wire/icmp.h"

#include "dataplane/wire/checksum.h"

namespace dialtone::wire {

bool is_sound_icmp(std::span<const std::byte> message) noexcept {
  return message.size() >= sizeof(IcmpHeader) && is_valid(sum_bytes(message));
}

bool is_echo_request(std::span<const std::byte> message) noexcept {
  const auto* header = reinterpret_cast<const IcmpHeader*>(message.data());
  return header->type == kIcmpEchoRequest && header->code == 0;
}

void make_echo_reply(std::span<std::byte> message) noexcept {
  auto* header = reinterpret_cast<IcmpHeader*>(message.data());
  header->type = kIcmpEchoReply;
  header->checksum.set_raw(0);
  header->checksum.set_raw(finish(sum_bytes(message)));
}

}  // namespace dialtone::wire
