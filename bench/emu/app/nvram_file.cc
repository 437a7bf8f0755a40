// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/nvram_file.h"

#include "dataplane/config/address_text.h"

#include <cerrno>
#include <fstream>

namespace dialtone::emu {

Result<std::vector<IpAddress>> read_nvram(const std::string& path) {
  std::vector<IpAddress> servers;
  if (path.empty()) {
    return servers;
  }
  std::ifstream in(path);
  if (!in) {
    return errno == ENOENT ? Result<std::vector<IpAddress>>(std::move(servers))
                           : errno_error("opening " + path, errno);
  }
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const auto address = config::parse_ip(line);
    if (!address) {
      return usage(path + ":" + std::to_string(number) + ": '" + line +
                   "' is no address; remove the file, and the device forgets its servers");
    }
    servers.push_back(*address);
  }
  return servers;
}

Result<void> write_nvram(const std::string& path, std::span<const IpAddress> servers) {
  std::ofstream out(path, std::ios::trunc);
  for (const IpAddress& server : servers) {
    out << config::ip_text(server) << '\n';
  }
  out.close();
  return out ? Result<void>() : errno_error("writing " + path, errno);
}

}  // namespace dialtone::emu
