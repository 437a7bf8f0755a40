// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/option_reader.h"

#include "dataplane/base/whole_number.h"
#include "dataplane/config/address_text.h"

#include <sstream>
#include <string_view>

namespace dialtone::emu {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) {
    parts.push_back(part);
  }
  return parts;
}

std::optional<IpAddress> OptionReader::address(const std::string& option, const std::string& text) {
  const auto parsed = config::parse_ip(text);
  if (!parsed) {
    wrong(option + ": '" + text + "' is no address; one is like 10.0.0.1 or 2001:db8::1");
  }
  return parsed;
}

std::vector<IpAddress> OptionReader::addresses(const std::string& option, const std::string& text) {
  std::vector<IpAddress> all;
  for (const std::string& part : split(text, ',')) {
    if (const auto parsed = address(option, part)) {
      all.push_back(*parsed);
    }
  }
  return all;
}

void OptionReader::subnet(const std::string& option, const std::string& text, HostConfig& host) {
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

void OptionReader::vlan(const std::string& text, HostConfig& host) {
  const auto number = whole_number<unsigned>(text);
  if (!number || *number == 0 || *number > 4094) {
    wrong("--vlan: '" + text + "' is no VLAN from 1 to 4094");
    return;
  }
  host.vlan = static_cast<std::uint16_t>(*number);
}

}  // namespace dialtone::emu
