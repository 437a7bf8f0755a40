// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/discovery/discovery.h"

#include "dataplane/config/address_text.h"

#include <algorithm>
#include <utility>

namespace dialtone::emu {
namespace {

constexpr std::size_t kServers = 2;  // TFTP Server 1 and 2

class Search {
 public:
  Search(Precedence precedence, const Offer& offer, const Memory& memory, const Resolve& resolve)
      : precedence_(precedence), offer_(offer), memory_(memory), resolve_(resolve) {}

  Servers run() {
    note_traps();
    for (const Method listed : methods_of(precedence_)) {
      const Method method =
          listed == Method::kOption150 && is_beaten_by_66() ? Method::kOption66 : listed;
      // Later ones are looked at all the same: a gateway always tries CiscoCM1.
      auto addresses = reachable(addresses_by(method));
      if (!found_.via && !addresses.empty()) {
        take(method, std::move(addresses));
      }
    }
    if (auto last_good = reachable(memory_.last_good); !found_.via && !last_good.empty()) {
      take(Method::kNvram, std::move(last_good));
    }
    if (found_.via == Method::kSiaddr && offer_.siaddr == offer_.server) {
      trap(Trap::kSiaddrIsDhcpServer);
    }
    std::sort(found_.traps.begin(), found_.traps.end());
    return std::move(found_);
  }

 private:
  void take(Method method, std::vector<IpAddress> addresses) {
    found_.via = method;
    found_.addresses = std::move(addresses);
  }

  // A device has addresses of one family.
  std::vector<IpAddress> reachable(std::vector<IpAddress> addresses) {
    const bool is_v4 = precedence_ != Precedence::kIpv6;
    if (std::erase_if(addresses,
                      [&](const IpAddress& address) { return address.is_v4() != is_v4; }) != 0) {
      trap(Trap::kOtherFamily);
    }
    return addresses;
  }

  void trap(Trap trap) {
    if (!found_.warns_of(trap)) {
      found_.traps.push_back(trap);
    }
  }

  void note_traps() {
    if (config::parse_ip(offer_.sname)) {
      trap(Trap::kSnameIsAddress);
    }
    if (!offer_.option66.empty() && !offer_.option150.empty()) {
      trap(Trap::kBoth66And150);
    }
    if (std::max(offer_.option150.size(), offer_.sub_option1.size()) > kServers) {
      trap(Trap::kMoreThanTwo);
    }
  }

  // They exclude each other, so one stands where both are: an address beats a name, and of two
  // addresses the last in the list is taken. A phone of 8.0(4) and later has an order for them.
  bool is_beaten_by_66() const {
    return precedence_ == Precedence::kGateway && offer_.option66_comes_last &&
           config::parse_ip(offer_.option66).has_value();
  }

  std::vector<IpAddress> addresses_by(Method method) {
    switch (method) {
      case Method::kLocal:
        return memory_.local;
      case Method::kAlternate:
        return memory_.alternate ? memory_.local : std::vector<IpAddress>();
      case Method::kCiscoCm1:
        return resolve_(offer_.domain.empty() ? "CiscoCM1" : "CiscoCM1." + offer_.domain);
      case Method::kSiaddr:
        return offer_.siaddr ? std::vector{*offer_.siaddr} : std::vector<IpAddress>();
      case Method::kOption150:
        return first_two(offer_.option150);
      case Method::kSname:
        return config::parse_ip(offer_.sname) ? std::vector<IpAddress>() : by_name(offer_.sname);
      case Method::kOption66:
        return by_name(offer_.option66);
      case Method::kSubOption1:
        return first_two(offer_.sub_option1);
      case Method::kSubOption2:
        return by_name(offer_.sub_option2);
      case Method::kNvram:
        return memory_.last_good;
    }
    return {};
  }

  static std::vector<IpAddress> first_two(const std::vector<IpAddress>& all) {
    return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), kServers))};
  }

  // A name, or an address as it is. It is not asked for when the servers are known already.
  std::vector<IpAddress> by_name(const std::string& text) {
    if (text.empty() || found_.via) {
      return {};
    }
    if (const auto address = config::parse_ip(text)) {
      return {*address};
    }
    auto addresses = resolve_(text);
    if (addresses.empty()) {
      trap(Trap::kNameUnresolved);
    }
    return addresses;
  }

  Precedence precedence_;
  const Offer& offer_;
  const Memory& memory_;
  const Resolve& resolve_;
  Servers found_;
};

}  // namespace

std::string_view trap_name(Trap trap) noexcept {
  switch (trap) {
    case Trap::kSnameIsAddress:
      return "sname-is-address";
    case Trap::kBoth66And150:
      return "66-and-150";
    case Trap::kMoreThanTwo:
      return "more-than-two";
    case Trap::kSiaddrIsDhcpServer:
      return "siaddr-is-dhcp-server";
    case Trap::kNameUnresolved:
      return "name-unresolved";
    case Trap::kOtherFamily:
      return "other-family";
  }
  return "";
}

bool Servers::warns_of(Trap trap) const noexcept {
  return std::find(traps.begin(), traps.end(), trap) != traps.end();
}

Servers find_servers(Precedence precedence, const Offer& offer, const Memory& memory,
                     const Resolve& resolve) {
  return Search(precedence, offer, memory, resolve).run();
}

}  // namespace dialtone::emu
