// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/device/call_managers.h"

#include "dataplane/config/address_text.h"

#include <algorithm>

namespace dialtone::emu {
namespace {

constexpr std::string_view kTftpServer = "tftp-server";
constexpr std::string_view kDefaultName = "CiscoCM1";

// The first address of the device's family.
std::optional<IpAddress> address_of(const std::string& name, bool is_v4, const Resolve& resolve) {
  const auto literal = config::parse_ip(name);
  const std::vector<IpAddress> all = literal ? std::vector{*literal} : resolve(name);
  const auto found = std::find_if(
      all.begin(), all.end(), [&](const IpAddress& address) { return address.is_v4() == is_v4; });
  return found == all.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

CallManagerChoice choose_call_managers(const CallManagerSetting& setting,
                                       const Configuration* configuration, bool is_sip,
                                       const IpAddress& tftp_server, const Resolve& resolve) {
  std::vector<CallManager> listed;
  if (configuration != nullptr && !setting.ignores_list) {
    listed = configuration->call_managers;
  }
  CallManagerChoice choice;
  const auto try_one = [&](const CallManager& manager) {
    const auto address = address_of(manager.name, tftp_server.is_v4(), resolve);
    if (!address) {
      choice.unresolved.push_back(manager.name);
      return;
    }
    const bool is_down =
        setting.down.contains(manager.name) || setting.down.contains(manager.label);
    choice.call_managers.push_back({.name = manager.label.empty() ? manager.name : manager.label,
                                    .address = *address,
                                    .port = is_sip ? manager.sip_port : manager.sccp_port,
                                    .is_down = is_down});
  };
  for (const CallManager& manager : listed) {
    if (!manager.name.empty()) {
      try_one(manager);
    }
  }
  if (choice.call_managers.empty() && setting.fallback == CallManagerFallback::kCiscoCm1) {
    try_one({.name = std::string(kDefaultName)});
  } else if (choice.call_managers.empty()) {
    choice.call_managers.push_back(
        {.name = std::string(kTftpServer),
         .address = tftp_server,
         .port = is_sip ? CallManager{}.sip_port : CallManager{}.sccp_port,
         .is_down = setting.down.contains(std::string(kTftpServer))});
  }
  if (!choice.call_managers.empty()) {
    choice.first = choice.call_managers.front().name;
  }
  return choice;
}

}  // namespace dialtone::emu
