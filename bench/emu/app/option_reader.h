// SPDX-License-Identifier: Apache-2.0
//
// Options of a device as values, with all that is wrong with them. Cold; one thread.
#pragma once

#include "bench/emu/host/host.h"
#include "dataplane/base/ip_address.h"

#include <optional>
#include <string>
#include <vector>

namespace dialtone::emu {

// The parts between separators; of an empty text none.
std::vector<std::string> split(const std::string& text, char separator);

// Reads options, and keeps all that is wrong with them. `option` is named in what is.
class OptionReader {
 public:
  std::optional<IpAddress> address(const std::string& option, const std::string& text);
  std::vector<IpAddress> addresses(const std::string& option, const std::string& text);
  // "10.0.0.9/24": a host's address and its subnet.
  void subnet(const std::string& option, const std::string& text, HostConfig& host);
  void vlan(const std::string& text, HostConfig& host);

  void wrong(const std::string& what) { faults_ += (faults_.empty() ? "" : "\n") + what; }
  const std::string& faults() const noexcept { return faults_; }

 private:
  std::string faults_;
};

}  // namespace dialtone::emu
