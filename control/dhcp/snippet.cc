// SPDX-License-Identifier: Apache-2.0
#include "control/dhcp/snippet.h"

#include "dataplane/config/address_text.h"

#include <array>
#include <utility>
#include <vector>

namespace dialtone::dhcp {
namespace {

// "A, B" of one family, each between `before` and `behind`.
std::string list_of(std::span<const IpAddress> servers, bool v4, std::string_view separator,
                    std::string_view before = "", std::string_view behind = "") {
  std::string text;
  for (const IpAddress& server : servers) {
    if (server.is_v4() == v4) {
      text += (text.empty() ? "" : std::string(separator)) + std::string(before) +
              config::ip_text(server) + std::string(behind);
    }
  }
  return text;
}

// Each server takes a file of its own, and refuses one that has the other's part in it. A
// sub-option of a vendor that nobody has asked for by its number is not sent without "always-send".
std::string kea(const std::string& v4, const std::string& v6) {
  std::string text;
  if (!v4.empty()) {
    text +=
        "// kea-dhcp4.conf\n"
        "{\n"
        "  \"Dhcp4\": {\n"
        "    \"option-def\": [\n"
        "      { \"name\": \"tftp-servers\", \"code\": 150, \"space\": \"dhcp4\",\n"
        "        \"type\": \"ipv4-address\", \"array\": true }\n"
        "    ],\n"
        "    \"client-classes\": [\n"
        "      { \"name\": \"cisco-phones\",\n"
        "        \"test\": \"substring(option[60].text, 0, 13) == 'Cisco Systems'\",\n"
        "        \"option-data\": [ { \"name\": \"tftp-servers\", \"data\": \"" +
        v4 +
        "\" } ] }\n"
        "    ]\n"
        "  }\n"
        "}\n";
  }
  if (!v6.empty()) {
    text +=
        "// kea-dhcp6.conf\n"
        "{\n"
        "  \"Dhcp6\": {\n"
        "    \"option-def\": [\n"
        "      { \"name\": \"tftp-servers\", \"code\": 1, \"space\": \"vendor-9\",\n"
        "        \"type\": \"ipv6-address\", \"array\": true }\n"
        "    ],\n"
        "    \"option-data\": [\n"
        "      { \"name\": \"vendor-opts\", \"data\": \"9\" },\n"
        "      { \"name\": \"tftp-servers\", \"space\": \"vendor-9\", \"always-send\": true,\n"
        "        \"data\": \"" +
        v6 +
        "\" }\n"
        "    ]\n"
        "  }\n"
        "}\n";
  }
  return text;
}

std::string isc(const std::string& v4, const std::string& v6) {
  std::string text;
  if (!v4.empty()) {
    text +=
        "# dhcpd.conf\n"
        "option tftp-server-addresses code 150 = array of ip-address;\n"
        "class \"cisco-phones\" {\n"
        "  match if substring (option vendor-class-identifier, 0, 13) = \"Cisco Systems\";\n"
        "  option tftp-server-addresses " +
        v4 +
        ";\n"
        "}\n";
  }
  if (!v6.empty()) {
    text +=
        "# dhcpd6.conf\n"
        "option space cisco code width 2 length width 2;\n"
        "option cisco.tftp-server-addresses code 1 = array of ip6-address;\n"
        "option vsio.cisco code 9 = encapsulate cisco;\n"
        "option cisco.tftp-server-addresses " +
        v6 + ";\n";
  }
  return text;
}

// Without a server of its own in siaddr, which devices that believe that first would ask.
std::string dnsmasq(const std::string& v4, const std::string& v6) {
  std::string text;
  if (!v4.empty()) {
    text +=
        "dhcp-vendorclass=set:cisco-phones,Cisco Systems\n"
        "dhcp-option=tag:cisco-phones,150," +
        v4 +
        "\n"
        "dhcp-boot=tag:cisco-phones,,," +
        v4.substr(0, v4.find(',')) + "\n";
  }
  if (!v6.empty()) {
    text += "dhcp-option=vi-encap:9,option6:1," + v6 + "\n";
  }
  return text;
}

std::string ios(const std::string& v4, const std::string& v6) {
  std::string text;
  if (!v4.empty()) {
    text += "ip dhcp pool PHONES\n option 150 ip " + v4 + "\n";
  }
  if (!v6.empty()) {
    text += "ipv6 dhcp pool PHONES\n vendor-specific 9\n  suboption 1 address " + v6 + "\n";
  }
  return text;
}

}  // namespace

std::optional<ServerKind> server_kind(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, ServerKind>, 4> kKinds{
      {{"kea", ServerKind::kKea},
       {"isc", ServerKind::kIsc},
       {"dnsmasq", ServerKind::kDnsmasq},
       {"ios", ServerKind::kIos}}};
  for (const auto& [known, kind] : kKinds) {
    if (known == name) {
      return kind;
    }
  }
  return std::nullopt;
}

std::string snippet(ServerKind kind, std::span<const IpAddress> servers) {
  switch (kind) {
    case ServerKind::kKea:
      return kea(list_of(servers, true, ", "), list_of(servers, false, ", "));
    case ServerKind::kIsc:
      return isc(list_of(servers, true, ", "), list_of(servers, false, ", "));
    case ServerKind::kDnsmasq:
      return dnsmasq(list_of(servers, true, ","), list_of(servers, false, ",", "[", "]"));
    case ServerKind::kIos:
      return ios(list_of(servers, true, " "), list_of(servers, false, " "));
  }
  return {};
}

}  // namespace dialtone::dhcp
