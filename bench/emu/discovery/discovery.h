// SPDX-License-Identifier: Apache-2.0
//
// From what DHCP, DNS and its own memory tell a device to the TFTP servers that it asks. Facts:
// cisco-tftp 12.1; features 51 to 67. Pure functions, any thread.
#pragma once

#include "bench/emu/discovery/method.h"
#include "dataplane/base/ip_address.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::emu {

// Of an answer of a DHCP server, as far as it says something of TFTP.
struct Offer {
  std::optional<IpAddress> server{};  // who sent it (option 54)
  std::optional<IpAddress> siaddr{};
  std::string sname{};
  std::string option66{};
  std::vector<IpAddress> option150{};
  bool option66_comes_last = false;  // of the two, in the list of options
  std::vector<IpAddress> sub_option1{};
  std::string sub_option2{};
  std::string domain{};  // option 15
};

// What is set on the device, or was kept by it.
struct Memory {
  std::vector<IpAddress> local{};      // TFTP Server 1 and 2 of its settings
  bool alternate = false;              // those are used whatever DHCP says; of a phone
  std::vector<IpAddress> last_good{};  // in non-volatile memory
};

enum class Trap : std::uint8_t {
  kSnameIsAddress,      // a dotted address where only a name counts: it is ignored
  kBoth66And150,        // they exclude each other
  kMoreThanTwo,         // addresses behind the second of option 150 are not asked
  kSiaddrIsDhcpServer,  // some DHCP servers put their own address there unasked
  kNameUnresolved,
  kOtherFamily,  // an address that it cannot reach with its own
};
// "sname-is-address": what `warn()` is asked for.
std::string_view trap_name(Trap trap) noexcept;

struct Servers {
  std::vector<IpAddress> addresses;  // in the order in which they are asked; none: nothing is known
  std::optional<Method> via;
  std::vector<Trap> traps;  // in the order of Trap

  bool warns_of(Trap trap) const noexcept;
};

// The addresses of a name; none: it is not known.
using Resolve = std::function<std::vector<IpAddress>(const std::string& name)>;

// `resolve` is called for each name that the device asks for, CiscoCM1 of a gateway among them
// whatever else there is.
Servers find_servers(Precedence precedence, const Offer& offer, const Memory& memory,
                     const Resolve& resolve);

}  // namespace dialtone::emu
