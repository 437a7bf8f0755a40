// SPDX-License-Identifier: Apache-2.0
#include "control/dhcp/scopes.h"

#include "control/dhcp/readers.h"

#include <sstream>

namespace dialtone::dhcp {
namespace {

Result<Configuration> read_as_its_kind(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) {
    return refused("the file is empty; it should be that of a DHCP server");
  }
  if (text.find("\"Dhcp4\"") != std::string::npos || text.find("\"Dhcp6\"") != std::string::npos) {
    return read_kea(text);
  }
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    const std::size_t begin = line.find_first_not_of(" \t");
    const std::string rest = begin == std::string::npos ? "" : line.substr(begin);
    if (rest.starts_with("ip dhcp pool ")) {
      return read_ios(text);
    }
    if (rest.starts_with("dhcp-range=") || rest.starts_with("dhcp-option")) {
      return read_dnsmasq(text);
    }
    if (rest.starts_with("subnet ") || rest.starts_with("shared-network ") ||
        rest.starts_with("option ")) {
      return read_isc(text);
    }
  }
  return refused(
      "this is no configuration of ISC dhcpd (subnet ... {), Kea (\"Dhcp4\"), dnsmasq "
      "(dhcp-range=) or IOS (ip dhcp pool)");
}

}  // namespace

Result<Configuration> read_scopes(const std::string& text) {
  auto configuration = read_as_its_kind(text);
  if (configuration && configuration->scopes.empty()) {
    return refused(
        "no IPv4 scope is there; give the file that has the subnets, ranges or pools of phones, "
        "which may be one that this includes");
  }
  return configuration;
}

}  // namespace dialtone::dhcp
