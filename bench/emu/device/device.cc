// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/device/device.h"

#include "dataplane/config/address_text.h"

#include <algorithm>
#include <array>

namespace dialtone::emu {
namespace {

// What is given instead of it counts.
Offer merged(const Offer& given, const Offer& heard) {
  Offer offer = heard;
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

std::string joined(const std::vector<IpAddress>& addresses) {
  std::string text;
  for (const IpAddress& address : addresses) {
    text += (text.empty() ? "" : ", ") + config::ip_text(address);
  }
  return text;
}

std::string vendor_class(const DevicePlan& plan) {
  return "Cisco Systems, Inc. IP Phone" + (plan.model.empty() ? "" : " CP-" + plan.model);
}

std::string lease_text(const DhcpReply& lease) {
  std::string text = "address " + config::ip_text(lease.address) + "/" +
                     std::to_string(lease.prefix_bits) + " from " +
                     config::ip_text(*lease.offer.server);
  if (lease.router) {
    text += ", router " + config::ip_text(*lease.router);
  }
  return lease.dns.empty() ? text : text + ", DNS " + joined(lease.dns);
}

}  // namespace

std::string_view device_state_name(DeviceState state) noexcept {
  constexpr std::array<std::string_view, 6> kNames{"no-address", "booting",      "configured",
                                                   "default",    "unconfigured", "no-server"};
  return kNames[static_cast<std::size_t>(state)];
}

Device::Device(const DevicePlan& plan, Micros now) : plan_(plan), host_(plan.host), timeline_(now) {
  if (plan.host.address.is_unspecified()) {
    dhcp_.emplace(host_, vendor_class(plan), plan.name, plan.transaction, now);
  } else {
    discover(now);
  }
}

DeviceState Device::state() const noexcept {
  if (!has_looked_) {
    return DeviceState::kAddress;
  }
  if (!boot_) {
    return DeviceState::kNoServer;
  }
  switch (boot_->state()) {
    case BootState::kBooting:
      return DeviceState::kBooting;
    case BootState::kConfigured:
      return DeviceState::kConfigured;
    case BootState::kDefault:
      return DeviceState::kDefault;
    case BootState::kUnconfigured:
      return DeviceState::kUnconfigured;
    case BootState::kNoServer:
      break;
  }
  return DeviceState::kNoServer;
}

void Device::discover(Micros now) {
  has_looked_ = true;
  const Offer heard = dhcp_ ? dhcp_->lease()->offer : Offer{};
  servers_ =
      find_servers(plan_.precedence, merged(plan_.offer, heard), plan_.memory, plan_.resolve);
  for (const Trap trap : servers_.traps) {
    timeline_.note(now, "warning: " + std::string(trap_name(trap)));
  }
  if (!servers_.via) {
    timeline_.note(now, "it knows no TFTP server");
    return;
  }
  timeline_.note(now, "TFTP servers: " + joined(servers_.addresses) + " by " +
                          std::string(method_name(*servers_.via)));
  boot_.emplace(host_, timeline_, BootConfig{.order = plan_.order, .servers = servers_.addresses},
                now);
}

void Device::on_frame(std::span<const std::byte> frame, Micros now) {
  const auto datagram = host_.on_frame(frame);
  if (!datagram) {
    return;
  }
  if (boot_) {
    boot_->on_datagram(*datagram, now);
  } else if (dhcp_ && !has_looked_) {
    dhcp_->on_datagram(*datagram, now);
    if (dhcp_->lease()) {
      timeline_.note(now, lease_text(*dhcp_->lease()));
      discover(now);
    }
  }
}

void Device::on_time(Micros now) {
  host_.on_time(now);
  if (dhcp_) {
    dhcp_->on_time(now);
  }
  if (boot_) {
    boot_->on_time(now);
  }
}

Micros Device::deadline() const noexcept {
  const Micros own = boot_ ? boot_->deadline() : dhcp_ ? dhcp_->deadline() : host_.deadline();
  return std::min(own, host_.deadline());
}

}  // namespace dialtone::emu
