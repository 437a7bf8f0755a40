// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/discovery_options.h"

#include "bench/emu/app/dhcp_file.h"

#include <string>
#include <utility>

namespace dialtone::emu {
namespace {

void read_option(const std::string& key, const std::string& value, OptionReader& reader,
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

void read_vendor_subopt(const std::string& text, OptionReader& reader, DevicePlan& plan) {
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

}  // namespace

void read_offer(const DeviceOptions& options, OptionReader& reader, DevicePlan& plan) {
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

void read_lease(const DeviceOptions& options, OptionReader& reader, DevicePlan& plan) {
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

void read_memory(const DeviceOptions& options, OptionReader& reader, DevicePlan& plan) {
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

}  // namespace dialtone::emu
