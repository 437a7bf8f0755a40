// SPDX-License-Identifier: Apache-2.0
//
// How a device gets to its TFTP servers: an address, over one family or the other, names, and whom
// it believes.
#include "bench/emu/device/device.h"
#include "dataplane/base/joined.h"
#include "dataplane/config/address_text.h"

#include <utility>

namespace dialtone::emu {
namespace {

constexpr Micros kIpv4Patience = 12'000'000;  // two tries; then one of both families takes IPv6

// What is given instead of it counts.
Offer merged(const Offer& given, const Offer& heard) {
  Offer offer = heard;
  if (!given.sub_option1.empty() || !given.sub_option2.empty()) {
    offer.sub_option1 = given.sub_option1;
    offer.sub_option2 = given.sub_option2;
  }
  offer.siaddr = given.siaddr ? given.siaddr : heard.siaddr;
  offer.sname = given.sname.empty() ? heard.sname : given.sname;
  offer.domain = given.domain.empty() ? heard.domain : given.domain;
  if (!given.option66.empty() || !given.option150.empty()) {
    offer.option66 = given.option66;
    offer.option150 = given.option150;
    offer.option66_comes_last = given.option66_comes_last;
  }
  return offer;
}

std::string text_of(const std::vector<IpAddress>& addresses) {
  std::vector<std::string> texts;
  for (const IpAddress& address : addresses) {
    texts.push_back(config::ip_text(address));
  }
  return joined(texts, ", ");
}

// As servers tell phones apart (cisco-tftp 12.1); no document says what a gateway calls itself.
std::string vendor_class(const DevicePlan& plan) {
  switch (plan.kind) {
    case BootKind::kGateway:
      return "";
    case BootKind::kPhoneWireless:
      return "Cisco Systems Inc. Wireless Phone " + plan.model;
    case BootKind::kAta:
      return "CISCO " + plan.model;
    default:
      return "Cisco Systems, Inc. IP Phone" + (plan.model.empty() ? "" : " CP-" + plan.model);
  }
}

std::string lease_text(const DhcpReply& lease) {
  std::string text =
      "address " + config::ip_text(lease.address) + "/" + std::to_string(lease.prefix_bits);
  if (lease.offer.server) {
    text += " from " + config::ip_text(*lease.offer.server);
  }
  if (lease.router) {
    text += ", router " + config::ip_text(*lease.router);
  }
  return lease.dns.empty() ? text : text + ", DNS " + text_of(lease.dns);
}

}  // namespace

void Device::begin_address(Micros now) {
  if (!plan_.host.address.is_unspecified()) {
    begin_discovery({}, {}, now);
  } else if (plan_.lease) {
    host_.configure(with_lease(host_.config(), *plan_.lease));
    timeline_.note(now, lease_text(*plan_.lease));
    begin_discovery(plan_.lease->offer, plan_.lease->dns, now);
  } else if (precedence_ == Precedence::kIpv6) {
    dhcp6_.emplace(host_, vendor_class(plan_), plan_.transaction, now);
  } else {
    dhcp_.emplace(host_, vendor_class(plan_), plan_.name, plan_.transaction, now);
  }
}

const DhcpReply* Device::lease() const noexcept {
  if (plan_.lease) {
    return &*plan_.lease;
  }
  return dhcp_ && dhcp_->lease() ? &*dhcp_->lease() : nullptr;
}

// False: it has used it already, or has no IPv6.
bool Device::use_ipv6(Micros now) {
  if (!plan_.is_dual || dhcp6_) {
    return false;
  }
  timeline_.note(now, "nothing over IPv4; it goes on with IPv6");
  precedence_ = Precedence::kIpv6;
  phase_ = Phase::kAddress;
  dns_.reset();
  dhcp6_.emplace(host_, vendor_class(plan_), plan_.transaction, now);
  return true;
}

void Device::begin_discovery(Offer heard, const std::vector<IpAddress>& heard_dns, Micros now) {
  host_.announce();
  heard_ = std::move(heard);
  const std::vector<IpAddress>& servers = plan_.dns.empty() ? heard_dns : plan_.dns;
  if (!servers.empty()) {
    const bool is_v4 = host_.config().address.is_v4();
    dns_.emplace(host_, servers, heard_.domain, is_v4 ? DnsType::kA : DnsType::kAaaa,
                 static_cast<std::uint16_t>(plan_.transaction));
  }
  discover(now);
}

std::vector<IpAddress> Device::resolve(const std::string& name, Micros now) {
  std::vector<IpAddress> addresses = plan_.resolve(name);
  return addresses.empty() && dns_ ? dns_->find(name, now).value_or(std::vector<IpAddress>())
                                   : addresses;
}

// True: it has to ask its DNS server first, and what needed the name is then done again.
bool Device::waits_for_names(Phase before) {
  if (!dns_ || !dns_->is_busy()) {
    return false;
  }
  phase_ = Phase::kNames;
  names_are_for_ = before;
  return true;
}

void Device::go_on_with_names(Micros now) {
  if (phase_ != Phase::kNames || dns_->is_busy()) {
    return;
  }
  if (names_are_for_ == Phase::kRegistration) {
    phase_ = Phase::kOver;
    register_with_call_manager(now);
  } else {
    discover(now);
  }
}

void Device::discover(Micros now) {
  servers_ = find_servers(precedence_, merged(plan_.offer, heard_), plan_.memory,
                          [&](const std::string& name) { return resolve(name, now); });
  if (waits_for_names(Phase::kFiles)) {
    return;
  }
  for (const Trap trap : servers_.traps) {
    timeline_.note(now, "warning: " + std::string(trap_name(trap)));
  }
  if (!servers_.via && use_ipv6(now)) {
    return;
  }
  if (!servers_.via) {
    timeline_.note(now, "it knows no TFTP server");
    phase_ = Phase::kOver;
    return;
  }
  timeline_.note(now, "TFTP servers: " + text_of(servers_.addresses) + " by " +
                          std::string(method_name(*servers_.via)));
  begin(Phase::kFiles, plan_.order, now);
}

void Device::on_address_datagram(const Datagram& datagram, Micros now) {
  if (dhcp6_) {
    dhcp6_->on_datagram(datagram, now);
    if (const auto& lease = dhcp6_->lease()) {
      timeline_.note(now, "address " + config::ip_text(*lease->address) + " by DHCPv6" +
                              (lease->dns.empty() ? "" : ", DNS " + text_of(lease->dns)));
      begin_discovery(lease->offer, lease->dns, now);
    }
    return;
  }
  dhcp_->on_datagram(datagram, now);
  if (const auto& lease = dhcp_->lease()) {
    timeline_.note(now, lease_text(*lease));
    begin_discovery(lease->offer, lease->dns, now);
  }
}

void Device::on_address_time(Micros now) {
  if (dhcp6_) {
    dhcp6_->on_time(now);
    return;
  }
  const bool is_late = now >= dhcp_->deadline() && now >= dhcp_->began() + kIpv4Patience;
  if (!is_late || !use_ipv6(now)) {
    dhcp_->on_time(now);
  }
}

}  // namespace dialtone::emu
