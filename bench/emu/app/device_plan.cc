// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/device_plan.h"

#include "bench/emu/app/dhcp_file.h"
#include "bench/emu/app/nvram_file.h"
#include "bench/emu/app/played_server.h"
#include "bench/emu/app/zone_file.h"
#include "dataplane/base/whole_number.h"
#include "dataplane/config/address_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

namespace dialtone::emu {
namespace {

constexpr std::string_view kDhcpFixed = "dhcp-fixed";
constexpr std::string_view kDefaultMac = "02:00:5e:00:00:01";

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) {
    parts.push_back(part);
  }
  return parts;
}

// Reads options, and keeps all that is wrong with them.
class Reader {
 public:
  std::optional<IpAddress> address(const std::string& option, const std::string& text) {
    const auto parsed = config::parse_ip(text);
    if (!parsed) {
      wrong(option + ": '" + text + "' is no address; one is like 10.0.0.1 or 2001:db8::1");
    }
    return parsed;
  }

  std::vector<IpAddress> addresses(const std::string& option, const std::string& text) {
    std::vector<IpAddress> all;
    for (const std::string& part : split(text, ',')) {
      if (const auto parsed = address(option, part)) {
        all.push_back(*parsed);
      }
    }
    return all;
  }

  // "10.0.0.9/24": a host's address and its subnet.
  void subnet(const std::string& option, const std::string& text, HostConfig& host) {
    const std::size_t slash = text.find('/');
    const auto parsed = config::parse_ip(text.substr(0, slash));
    const auto bits = slash == std::string::npos
                          ? std::nullopt
                          : whole_number<unsigned>(std::string_view(text).substr(slash + 1));
    if (!parsed || !bits || *bits > (parsed->is_v4() ? 32u : 128u)) {
      wrong(option + ": '" + text + "' is no address with its prefix; one is like 10.0.0.9/24");
      return;
    }
    host.address = *parsed;
    const IpPrefix mask{{}, static_cast<std::uint8_t>(*bits + (parsed->is_v4() ? 96 : 0))};
    host.subnet = {mask.first_of(*parsed), mask.bits};
  }

  void vlan(const std::string& text, HostConfig& host) {
    const auto number = whole_number<unsigned>(text);
    if (!number || *number == 0 || *number > 4094) {
      wrong("--vlan: '" + text + "' is no VLAN from 1 to 4094");
      return;
    }
    host.vlan = static_cast<std::uint16_t>(*number);
  }

  void wrong(const std::string& what) { faults_ += (faults_.empty() ? "" : "\n") + what; }
  const std::string& faults() const noexcept { return faults_; }

 private:
  std::string faults_;
};

// "8.0.4", "8.0(4)", "8-0-4": numbers, whatever stands between them.
std::vector<int> version_of(const std::string& text) {
  std::vector<int> numbers;
  for (std::size_t at = 0; at < text.size();) {
    int number = 0;
    const char* end = text.data() + text.size();
    const auto [rest, fault] = std::from_chars(text.data() + at, end, number);
    if (fault != std::errc{} || number < 0) {
      ++at;
      continue;
    }
    numbers.push_back(number);
    at = static_cast<std::size_t>(rest - text.data());
  }
  return numbers;
}

// "SCCP41.8-0-3S" and "P0S3-08-12-00" name a platform first.
std::string version_part(const std::string& firmware) {
  if (firmware.empty() || (firmware[0] >= '0' && firmware[0] <= '9')) {
    return firmware;
  }
  const std::size_t at = firmware.find(firmware.starts_with("P0") ? '-' : '.');
  return at == std::string::npos ? std::string() : firmware.substr(at + 1);
}

bool is_before_8_0_4(const DeviceOptions& options) {
  const std::vector<int> version = version_of(version_part(options.firmware));
  return options.profile == "cm3" || (!version.empty() && version < std::vector{8, 0, 4});
}

struct GatewayType {
  std::string_view name;
  std::uint32_t number;  // of its model (cisco-tftp 2.2)
  bool can_do_without_dhcp;
  std::string_view prefix;  // of its name, in front of its MAC (cisco-tftp 2.3); empty: it has any
};
constexpr std::array<GatewayType, 5> kGatewayTypes{{{"access-analog", 30, false, "SAA"},
                                                    {"access-digital", 40, false, "SDA"},
                                                    {"cat6k", 43, true, "SDA"},
                                                    {"mgcp", 120, true, ""},
                                                    {"sccp", 48, true, "VGC"}}};
constexpr GatewayType kAnyGateway{"", 0, true, "SDA"};

const GatewayType* find_gateway_type(std::string_view name) {
  const auto* found = std::find_if(kGatewayTypes.begin(), kGatewayTypes.end(),
                                   [&](const GatewayType& type) { return type.name == name; });
  return found == kGatewayTypes.end() ? nullptr : found;
}

void read_gateway_type(const DeviceOptions& options, Reader& reader, DevicePlan& plan) {
  if (options.type.empty()) {
    return;
  }
  const GatewayType* type = find_gateway_type(options.type);
  if (type == nullptr) {
    std::string known;
    for (const GatewayType& each : kGatewayTypes) {
      known += (known.empty() ? "" : ", ") + std::string(each.name);
    }
    reader.wrong("--type: '" + options.type + "' is not known; known are " + known);
    return;
  }
  plan.number = type->number;
}

void read_kind(const DeviceOptions& options, Reader& reader, DevicePlan& plan) {
  if (options.is_gateway) {
    plan.kind = BootKind::kGateway;
    read_gateway_type(options, reader, plan);
    plan.name = options.name;
    if (options.name.size() > 200) {
      reader.wrong("--name: a name has at most 200 characters");
    }
    return;
  }
  plan.model = options.model;
  const Model* model = find_model(options.model);
  if (model == nullptr) {
    std::string known;
    for (const Model& each : models()) {
      known += (known.empty() ? "" : ", ") + std::string(each.name);
    }
    reader.wrong("--model: '" + options.model + "' is not known; known are " + known);
    return;
  }
  if (options.sip && !model->sip) {
    reader.wrong("--sip: there is no SIP firmware for a " + options.model);
    return;
  }
  plan.kind = options.sip ? *model->sip : model->sccp;
  plan.number = model->number;
  plan.is_sip = options.sip;
  if (plan.kind == BootKind::kPhone7940Sccp && options.profile == "cm3") {
    plan.kind = BootKind::kPhoneBefore2004;
  }
}

void read_option(const std::string& key, const std::string& value, Reader& reader,
                 DevicePlan& plan) {
  if (key == "66") {
    plan.offer.option66 = value;
    plan.offer.option66_comes_last = true;
  } else if (key == "150") {
    for (const IpAddress& address : reader.addresses("--options 150", value)) {
      plan.offer.option150.push_back(address);
    }
    plan.offer.option66_comes_last = false;
  } else {
    reader.wrong("--options: '" + key + "' is not 66 or 150");
  }
}

void read_vendor_subopt(const std::string& text, Reader& reader, DevicePlan& plan) {
  const std::size_t equals = text.find('=');
  const std::string value = equals == std::string::npos ? "" : text.substr(equals + 1);
  if (text.starts_with("1=")) {
    plan.offer.sub_option1 = reader.addresses("--vendor-subopt 1", value);
  } else if (text.starts_with("2=") && !value.empty()) {
    plan.offer.sub_option2 = value;
  } else {
    reader.wrong("--vendor-subopt: '" + text +
                 "' is neither 1=ADDRESS[,ADDRESS] nor 2=NAME of enterprise 9");
  }
}

void read_offer(const DeviceOptions& options, Reader& reader, DevicePlan& plan) {
  plan.offer.option150 = reader.addresses("--opt150", options.option150);
  plan.offer.option66 = options.option66;
  plan.offer.sname = options.sname;
  for (const std::string& each : options.vendor_subopts) {
    read_vendor_subopt(each, reader, plan);
  }
  plan.dns = reader.addresses("--dns-server", options.dns_server);
  if (!options.siaddr.empty()) {
    plan.offer.siaddr = reader.address("--siaddr", options.siaddr);
  }
  for (const std::string& each : split(options.options, ',')) {
    const std::size_t equals = each.find('=');
    read_option(each.substr(0, equals), equals == std::string::npos ? "" : each.substr(equals + 1),
                reader, plan);
  }
}

void read_lease(const DeviceOptions& options, Reader& reader, DevicePlan& plan) {
  if (options.dhcp_from.empty()) {
    return;
  }
  if (!options.address.empty() || options.v6) {
    reader.wrong("--dhcp-from: a device with " +
                 std::string(options.v6 ? "--v6" : "--static (or DIALTONE_EMU_STATIC)") +
                 " asks no DHCP server of IPv4");
    return;
  }
  auto lease = read_dhcp_file(options.dhcp_from);
  if (!lease) {
    reader.wrong(lease.error().text);
    return;
  }
  plan.lease = *std::move(lease);
}

// What is set on the device: of each kind of device another menu has it.
void read_memory(const DeviceOptions& options, Reader& reader, DevicePlan& plan) {
  const bool is_alternate = plan.precedence != Precedence::kGateway;
  for (const auto& [option, text] :
       {std::pair{"--tftp", &options.tftp}, std::pair{"--local-tftp", &options.local_tftp}}) {
    if (!text->empty()) {
      plan.memory.local = reader.addresses(option, *text);
      plan.memory.alternate = is_alternate;
    }
  }
  if (options.alternate_tftp.empty()) {
    return;
  }
  const std::size_t comma = options.alternate_tftp.find(',');
  const std::string word = options.alternate_tftp.substr(0, comma);
  if (word != "yes" && word != "no") {
    reader.wrong("--alternate-tftp: '" + word + "' is not yes or no");
    return;
  }
  plan.memory.alternate = word == "yes";
  if (comma != std::string::npos) {
    plan.memory.local =
        reader.addresses("--alternate-tftp", options.alternate_tftp.substr(comma + 1));
  }
}

// Addresses for documentation (RFC 5737), so that the winner shows by its own.
void fill_methods(const DeviceOptions& options, DevicePlan& plan, Zone& zone) {
  if (!options.all_methods) {
    return;
  }
  const auto address = [](std::uint32_t last) { return IpAddress::from_v4(0xc0000200 + last); };
  if (plan.memory.local.empty()) {
    plan.memory = {.local = {address(1)}, .alternate = true};
  }
  zone.add("CiscoCM1", address(2));
  plan.offer.siaddr = plan.offer.siaddr.value_or(address(3));
  if (plan.offer.option150.empty()) {
    plan.offer.option150 = {address(4)};
  }
  if (plan.offer.sname.empty()) {
    plan.offer.sname = "sname.example";
    zone.add(plan.offer.sname, address(5));
  }
  if (plan.offer.option66.empty()) {
    plan.offer.option66 = "tftp.example";
    zone.add(plan.offer.option66, address(6));
  }
}

constexpr std::array<std::string_view, 5> kProfiles{"cm3", "cm5", "cm9", "cm12", "cm14"};

void read_registration(const DeviceOptions& options, Reader& reader, DevicePlan& plan) {
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

void read_played_server(const DeviceOptions& options, Reader& reader, DevicePlan& plan) {
  const auto played = played_server(options.server1, options.while_busy, options.profile);
  if (!played) {
    reader.wrong(played.error().text);
  } else if (*played) {
    plan.first_server = (*played)->error;
    plan.first_server_lasts = (*played)->lasts;
  }
}

// Without one it has the name of its kind, which its MAC makes.
void name_gateway(const DeviceOptions& options, Reader& reader, DevicePlan& plan) {
  if (!options.is_gateway || !plan.name.empty()) {
    return;
  }
  const GatewayType* type = options.type.empty() ? &kAnyGateway : find_gateway_type(options.type);
  if (type == nullptr) {
    return;  // which is said already
  }
  if (type->prefix.empty()) {
    reader.wrong("--name: a gateway of MGCP has one, as in the database; its file is NAME.cnf.xml");
    return;
  }
  plan.name = std::string(type->prefix) + mac_digits(plan.host.mac, true);
}

void read_host(const DeviceOptions& options, Reader& reader, DevicePlan& plan) {
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

DeviceDefaults defaults_of(const DeviceOptions& options) {
  const GatewayType* type = options.is_gateway ? find_gateway_type(options.type) : nullptr;
  return {.dhcp = true, .can_be_off = type == nullptr || type->can_do_without_dhcp};
}

std::string_view refusal_code(const DeviceOptions& options) {
  const bool is_off = options.no_dhcp || !options.address.empty();
  return is_off && !defaults_of(options).can_be_off ? kDhcpFixed : "bad-option";
}

Result<DevicePlan> plan_device(const DeviceOptions& options) {
  Reader reader;
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
