// SPDX-License-Identifier: Apache-2.0
//
// Names for a device that has no DNS server to ask: a file with one on each line, "tftp.example
// 10.0.0.1 10.0.0.2"; "#" begins a comment. Cold.
#pragma once

#include "dataplane/base/ip_address.h"
#include "dataplane/base/result.h"

#include <map>
#include <string>
#include <vector>

namespace dialtone::emu {

class Zone {
 public:
  // Of either case, with or without a last dot.
  void add(const std::string& name, const IpAddress& address);
  // Without its domain too: what is asked as CiscoCM1 may stand there as CiscoCM1.campus.example.
  std::vector<IpAddress> find(const std::string& name) const;

 private:
  std::map<std::string, std::vector<IpAddress>> names_;
};

// An empty path: a zone without names. Errors name the line.
Result<Zone> read_zone(const std::string& path);

}  // namespace dialtone::emu
