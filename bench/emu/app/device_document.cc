// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/device_document.h"

#include "bench/emu/device/lower_case.h"
#include "dataplane/config/address_text.h"

#include <algorithm>

namespace dialtone::emu {
namespace {

using nlohmann::json;

double seconds_of(Micros us) {
  return static_cast<double>(us) / 1e6;
}

json file_document(const BootedFile& file) {
  const Downloaded& got = file.got;
  json document{{"name", got.name},
                {"role", role_name(file.role)},
                {"end", download_end_name(got.end)},
                {"server", got.server + 1},
                {"bytes", got.content.size()},
                {"seconds", seconds_of(got.ended - got.began)},
                {"requests", got.counts.requests},
                {"come_backs", got.come_backs},
                {"repeated_acks", got.counts.repeated_acks},
                {"doubled", got.counts.doubled}};
  if (!got.error_text.empty()) {
    document["error"] = {{"code", got.error_code}, {"text", got.error_text}};
  }
  return document;
}

void add_discovery(const Device& device, json& document) {
  const Servers& servers = device.servers();
  document["order"] = json::array();
  for (const Method method : methods_of(device.precedence())) {
    document["order"].push_back(lower_case(method_name(method)));
  }
  document["servers"] = json::array();
  for (const IpAddress& address : servers.addresses) {
    document["servers"].push_back(config::ip_text(address));
  }
  for (std::size_t i = 0; i < std::min<std::size_t>(2, servers.addresses.size()); ++i) {
    document["tftp" + std::to_string(i + 1)] = document["servers"][i];
  }
  if (servers.via) {
    document["via"] = method_name(*servers.via);
    document["family"] = servers.addresses.front().is_v4() ? "v4" : "v6";
  }
  document["warnings"] = json::array();
  for (const Trap trap : servers.traps) {
    document["warnings"].push_back(trap_name(trap));
  }
}

void add_address(const Device& device, json& document) {
  const HostConfig& host = device.host().config();
  document["mac"] = config::mac_text(host.mac.bytes);
  document["address"] = host.address.is_unspecified() ? "" : config::ip_text(host.address);
  document["dns_questions"] = device.dns() == nullptr ? 0 : device.dns()->questions();
  document["dhcp_packets"] = (device.dhcp() == nullptr ? 0 : device.dhcp()->packets()) +
                             (device.dhcp6() == nullptr ? 0 : device.dhcp6()->packets());
  if (device.lease() == nullptr) {
    return;
  }
  const DhcpReply& lease = *device.lease();
  json& told = document["dhcp"];
  told = {{"address", config::ip_text(lease.address)}, {"prefix", lease.prefix_bits}};
  if (lease.router) {
    told["router"] = config::ip_text(*lease.router);
  }
  if (!lease.dns.empty()) {
    told["dns"] = config::ip_text(lease.dns.front());
  }
  if (!lease.offer.option150.empty()) {
    told["tftp"] = config::ip_text(lease.offer.option150.front());
  } else if (!lease.offer.option66.empty()) {
    told["tftp"] = lease.offer.option66;
  }
  document["fields"] = told.size();
}

void add_files(const std::vector<BootedFile>& files, json& document) {
  document["files"] = json::array();
  std::uint32_t retries = 0;
  for (const BootedFile& file : files) {
    document["files"].push_back(file_document(file));
    // More than one request for each try, and each time that it came back.
    retries += file.got.counts.requests - file.got.attempts + file.got.come_backs;
    if (file.got.end == DownloadEnd::kWhole) {
      if (file.role == FileRole::kConfig || file.role == FileRole::kDefault) {
        document["config"] = file.got.name;
      }
      document["served_by"] = "server" + std::to_string(file.got.server + 1);
    }
  }
  document["retries"] = retries;
}

void add_load(const Device& device, json& document) {
  document["fw"] = device.firmware();
  document["loads_fetched"] = device.loads_fetched();
  document["resets"] = device.resets();
  document["reboots"] = device.reboots();
  document["sbd_loops"] = device.sbd_loops();
  const Configuration* configuration = device.configuration();
  if (configuration == nullptr) {
    return;
  }
  json& config = document["configuration"];
  config = {{"load", configuration->load}, {"protocol", configuration->is_sip ? "SIP" : "SCCP"}};
  config["cm"] = json::array();
  for (const CallManager& manager : configuration->call_managers) {
    config["cm"].push_back({{"name", manager.label.empty() ? manager.name : manager.label},
                            {"address", manager.name},
                            {"sccp_port", manager.sccp_port},
                            {"sip_port", manager.sip_port}});
  }
}

void add_registration(const Device& device, json& document) {
  document["load_source"] = device.load_source();
  const Registration* registration = device.registration();
  if (registration == nullptr) {
    return;
  }
  document["cm"] = device.first_call_manager();
  document["lines_up"] = registration->lines_up();
  if (registration->state() == RegistrationState::kRegistered) {
    document["registered_with"] = registration->with()->name;
  }
}

}  // namespace

json device_document(const DevicePlan& plan, const Device& device, const RunResult& result) {
  json document{{"name", plan.name},
                {"state", device_state_name(device.state())},
                {"rrq", result.request},
                {"timed_out", result.timed_out}};
  if (!plan.model.empty()) {
    document["model"] = plan.model;
  }
  add_address(device, document);
  add_discovery(device, document);
  add_files(device.files(), document);
  add_load(device, document);
  add_registration(device, document);
  document["timeline"] = json::array();
  for (const Timeline::Event& event : device.timeline().events()) {
    document["timeline"].push_back({{"seconds", seconds_of(event.at)}, {"what", event.what}});
  }
  return document;
}

}  // namespace dialtone::emu
