// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/device_plan.h"

#include "bench/emu/app/discovery_options.h"
#include "bench/emu/app/firmware_version.h"
#include "bench/emu/app/nvram_file.h"
#include "bench/emu/app/option_reader.h"
#include "bench/emu/app/played_server.h"
#include "bench/emu/app/zone_file.h"
#include "dataplane/config/address_text.h"

#include <algorithm>
#include <array>

namespace dialtone::emu {
namespace {

constexpr std::string_view kDefaultMac = "02:00:5e:00:00:01";
constexpr std::array<std::string_view, 5> kProfiles{"cm3", "cm5", "cm9", "cm12", "cm14"};

void read_registration(const DeviceOptions& options, OptionReader& reader, DevicePlan& plan) {
  if (!options.profile.empty() &&
      std::find(kProfiles.begin(), kProfiles.end(), options.profile) == kProfiles.end()) {
    reader.wrong("--profile: '" + options.profile + "' is not cm3, cm5, cm9, cm12 or cm14");
  }
  const bool is_old = options.profile == "cm3" || options.profile == "cm5";
  plan.call_managers.fallback =
      is_old ? CallManagerFallback::kCiscoCm1 : CallManagerFallback::kTftpServer;
  plan.call_managers.ignores_list = options.empty_cm_list;
  for (const std::string& name : split(options.cm_down, ',')) {
    plan.call_managers.down.insert(name);
  }
  if (options.lines != 0) {
    plan.lines = options.lines;
  }
  if (!options.registers) {
    return;
  }
  if (!options.is_gateway) {
    plan.registered_name = registered_name(plan.kind, plan.host.mac);
  } else if (plan.name.size() <= kMaxSccpName) {
    constexpr std::uint32_t kAnalogAccess = 30;
    constexpr std::uint32_t kDigitalAccess = 40;
    plan.registered_name = plan.name;
    if (plan.number == 0) {
      plan.number = plan.name.starts_with("SDA") ? kDigitalAccess : kAnalogAccess;
    }
  }
}

void read_played_server(const DeviceOptions& options, OptionReader& reader, DevicePlan& plan) {
  const auto played = played_server(options.server1, options.while_busy, options.profile);
  if (!played) {
    reader.wrong(played.error().text);
  } else if (*played) {
    plan.first_server = (*played)->error;
    plan.first_server_lasts = (*played)->lasts;
  }
}

void read_host(const DeviceOptions& options, OptionReader& reader, DevicePlan& plan) {
  const auto mac =
      config::parse_mac(options.mac.empty() ? kDefaultMac : std::string_view(options.mac));
  if (!mac) {
    reader.wrong("--mac: '" + options.mac + "' is no MAC address; one is like " +
                 std::string(kDefaultMac));
  } else {
    plan.host.mac.bytes = *mac;
    if (plan.host.mac.is_group()) {
      reader.wrong("--mac: " + options.mac + " is an address of a group, never of a device");
    }
  }
  if (refusal_code(options) == kDhcpFixed) {
    reader.wrong(std::string(options.no_dhcp ? "--no-dhcp" : "--static") +
                 ": DHCP is always on at a " + options.type + " gateway (" +
                 std::string(kDhcpFixed) + ")");
  } else if (options.no_dhcp && options.address.empty()) {
    reader.wrong("--no-dhcp: without DHCP it needs an address, --static 10.0.0.9/24");
  }
  if (!options.address.empty()) {
    reader.subnet("--static", options.address, plan.host);
  }
  if (!options.router.empty()) {
    plan.host.gateway = reader.address("--router", options.router);
  }
  if (!options.vlan.empty()) {
    reader.vlan(options.vlan, plan.host);
  }
}

}  // namespace

Result<DevicePlan> plan_device(const DeviceOptions& options) {
  OptionReader reader;
  DevicePlan plan;
  read_kind(options, reader, plan);
  read_host(options, reader, plan);
  name_gateway(options, reader, plan);
  read_registration(options, reader, plan);
  read_played_server(options, reader, plan);
  const bool is_v4 = plan.host.address.is_v4() || plan.host.address.is_unspecified();
  if (options.v6 && !plan.host.address.is_unspecified() && is_v4) {
    reader.wrong("--v6: " + options.address + " is an address of IPv4");
  }
  if (options.dual && !is_v4) {
    reader.wrong("--dual: its fixed address is one of IPv4, and DHCPv6 gives the other");
  }
  // Of both families it has one of IPv4.
  const bool uses_v4 = is_v4 && !options.v6;
  if (plan.host.gateway && plan.host.gateway->is_v4() != uses_v4) {
    reader.wrong("--router: " + options.router + " is an address of IPv" + (uses_v4 ? "6" : "4") +
                 "; this device's is one of IPv" + (uses_v4 ? "4" : "6"));
  }
  plan.is_dual = options.dual;
  plan.precedence = !is_v4 || options.v6                             ? Precedence::kIpv6
                    : options.is_gateway || is_before_8_0_4(options) ? Precedence::kGateway
                                                                     : Precedence::kPhone;
  read_lease(options, reader, plan);
  read_offer(options, reader, plan);
  read_memory(options, reader, plan);
  auto zone = read_zone(options.zone);
  if (!zone) {
    reader.wrong(zone.error().text);
  }
  auto last_good = read_nvram(options.nvram);
  if (!last_good) {
    reader.wrong(last_good.error().text);
  }
  if (!reader.faults().empty()) {
    return usage(reader.faults());
  }
  plan.memory.last_good = *std::move(last_good);
  fill_methods(options, plan, *zone);
  plan.resolve = [zone = *std::move(zone)](const std::string& name) { return zone.find(name); };
  if (plan.name.empty()) {
    plan.name = device_name(plan.kind, plan.host.mac);
  }
  if (!options.firmware.empty()) {
    plan.firmware = options.firmware;
  }
  plan.is_nonsecure = options.nonsecure;
  plan.reboots = options.reboots;
  plan.reset = static_cast<Micros>(options.reset * 1e6);
  plan.order = boot_order(plan.kind, plan.host.mac, options.is_gateway ? plan.name : "");
  if (options.action == kChangeRing) {
    plan.order.push_back({"RINGLIST.XML"});  // what its ring menu shows
  }
  return plan;
}

}  // namespace dialtone::emu
