// SPDX-License-Identifier: Apache-2.0
//
// What a DHCP server said, from a file: the object that --json prints as "dhcp", or all of what it
// prints. Cold.
#pragma once

#include "bench/emu/dhcp/message.h"
#include "dataplane/base/result.h"

#include <string>

namespace dialtone::emu {

// Keys: address, prefix (of the subnet, in bits), router, dns, tftp; of the last two also a list. A
// name as tftp is option 66, addresses are option 150. All that is wrong, with the file's name.
Result<DhcpReply> read_dhcp_file(const std::string& path);

}  // namespace dialtone::emu
