// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/require.h"
#include "tests/fuzz/session_clients.h"

namespace dialtone::fuzz {

void SessionClients::send_too_big(std::size_t client, const TooBigSaid& said, bool of_last) {
  process();
  Client& one = clients_[client];
  const std::string& packet = one.came[of_last ? 0 : 1];
  if (packet.empty()) {
    return;
  }
  const std::uint64_t before = count(server::Counter::kPacketsTooBig);
  push({&one, Sender::kIcmp, {}}, write_too_big(next_frame(), one.end, packet, said));
  process();
  const bool is_believed = count(server::Counter::kPacketsTooBig) != before;
  const Belief belief = belief_in(packet, one.end.v6, said);
  require(!is_believed || belief != Belief::kNever,
          "no router is believed that quotes what was not sent, or does fit");
  if (belief == Belief::kWhenOnItsWay) {
    const std::uint16_t block = block_number(packet, one.end.v6);
    require(!is_believed || !one.model.is_surely_acknowledged(block),
            "no router is believed that quotes what has arrived");
    require(is_believed || !of_last || !one.model.is_surely_on_its_way(block),
            "a router is believed that quotes a packet on its way");
  }
  if (!is_believed) {
    return;
  }
  one.model.is_too_big();
  if (one.model.has_answered() && said.mtu != 0) {
    links_.note(one.end.address(), said.mtu, now());
  }
}

}  // namespace dialtone::fuzz
