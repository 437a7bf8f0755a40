// SPDX-License-Identifier: Apache-2.0
//
// A device's non-volatile memory: the TFTP servers that served it last, an address on each line.
// Features row 57. Cold.
#pragma once

#include "dataplane/base/ip_address.h"
#include "dataplane/base/result.h"

#include <span>
#include <string>
#include <vector>

namespace dialtone::emu {

// An empty path, or no file there yet: nothing is remembered.
Result<std::vector<IpAddress>> read_nvram(const std::string& path);
Result<void> write_nvram(const std::string& path, std::span<const IpAddress> servers);

}  // namespace dialtone::emu
