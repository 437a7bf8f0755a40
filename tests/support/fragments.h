// SPDX-License-Identifier: Apache-2.0
//
// IPv4 datagrams cut into fragments as a test wants them, hostile ones too.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::test {

// `length` bytes from `offset` (a multiple of 8) of what the packet in `frame` carries; filled with
// zeros behind its end. Lengths and the header's checksum are right.
std::string fragment_of(std::string_view frame, std::uint16_t id, std::size_t offset,
                        std::size_t length, bool more);

// All of it, in pieces of `length` bytes (a multiple of 8) but the last.
std::vector<std::string> fragments_of(std::string_view frame, std::uint16_t id, std::size_t length);

}  // namespace dialtone::test
