// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/zone_file.h"

#include "bench/emu/device/lower_case.h"
#include "dataplane/config/address_text.h"

#include <cerrno>
#include <fstream>
#include <sstream>

namespace dialtone::emu {
namespace {

std::string folded(const std::string& text) {
  std::string name = lower_case(text);
  if (name.ends_with('.')) {
    name.pop_back();
  }
  return name;
}

}  // namespace

void Zone::add(const std::string& name, const IpAddress& address) {
  names_[folded(name)].push_back(address);
}

std::vector<IpAddress> Zone::find(const std::string& name) const {
  const std::string wanted = folded(name);
  for (const auto& [known, addresses] : names_) {
    if (known == wanted ||
        (wanted.find('.') == std::string::npos && known.starts_with(wanted + '.'))) {
      return addresses;
    }
  }
  return {};
}

Result<Zone> read_zone(const std::string& path) {
  Zone zone;
  if (path.empty()) {
    return zone;
  }
  std::ifstream in(path);
  if (!in) {
    return errno_error("opening " + path, errno);
  }
  std::string faults;
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    std::istringstream words(line.substr(0, line.find('#')));
    std::string name;
    words >> name;
    std::size_t addresses = 0;
    for (std::string word; words >> word; ++addresses) {
      if (const auto address = config::parse_ip(word)) {
        zone.add(name, *address);
      } else {
        faults += path + ":" + std::to_string(number) + ": '" + word + "' is no address\n";
      }
    }
    if (!name.empty() && addresses == 0) {
      faults += path + ":" + std::to_string(number) + ": " + name + " has no address\n";
    }
  }
  if (!faults.empty()) {
    faults.pop_back();
    return usage(faults);
  }
  return zone;
}

}  // namespace dialtone::emu
