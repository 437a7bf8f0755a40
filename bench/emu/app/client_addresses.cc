// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/client_addresses.h"

#include "bench/emu/host/host_address.h"
#include "dataplane/config/address_text.h"

namespace dialtone::emu {

Result<ClientAddresses> client_addresses(const std::string& tftp, const std::string& first,
                                         std::uint64_t count) {
  const auto server = config::parse_ip(tftp);
  const auto begin = config::parse_ip(first);
  if (!server || !begin || server->is_v4() != begin->is_v4()) {
    return usage("--tftp and --first: addresses of one family, like 10.77.0.1 and 10.77.64.1");
  }
  if (!is_of_a_host(*begin)) {
    return usage("--first: no client can have the address " + first +
                 "; one is like 10.77.64.1 or fd00::6400");
  }
  const std::uint64_t most = begin->is_v4() ? IpAddress::from_v4(~0u).low : ~std::uint64_t{0};
  const std::uint64_t others = count - 1;
  if (others > most - begin->low) {
    return usage("--first: behind " + first + " there are not enough addresses");
  }
  const IpAddress last{begin->high, begin->low + others};
  if (!is_of_a_host(last)) {
    return usage("--first: the clients take " + first + " to " + config::ip_text(last) +
                 ", and no client can have that");
  }
  if (*begin <= *server && *server <= last) {
    return usage("--first: the clients take " + first + " to " + config::ip_text(last) +
                 ", and the server is among them");
  }
  return ClientAddresses{*server, *begin};
}

}  // namespace dialtone::emu
