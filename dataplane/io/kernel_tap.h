// SPDX-License-Identifier: Apache-2.0
//
// An interface of the kernel's whose other end is a file descriptor: read() takes a frame that the
// kernel sends there, write() lets it receive one. Neither blocks. Cold; the housekeeper's.
#pragma once

#include "dataplane/base/result.h"
#include "dataplane/base/unique_fd.h"
#include "dataplane/wire/mac_address.h"

#include <cstdint>
#include <string>

namespace dialtone::io {

struct TapConfig {
  std::string name;
  wire::MacAddress mac;
  std::uint32_t mtu;
};

// Makes it, or takes one that `ip tuntap add mode tap` has made, and sets it up. One that was made
// here goes with the descriptor.
Result<UniqueFd> open_tap(const TapConfig& config);

}  // namespace dialtone::io
