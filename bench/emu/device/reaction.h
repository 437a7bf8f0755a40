// SPDX-License-Identifier: Apache-2.0
//
// What a device does about a server's ERROR. It goes by the text where two meanings share RFC
// 1350's code 3. Facts: cisco-tftp 9.5; features 1.1 and rows 25 to 28. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace dialtone::emu {

enum class Reaction : std::uint8_t {
  kNextFile,    // not found: normal for many files
  kNextServer,  // "Process Allocation Exceeded": this one is full
  kComeBack,    // "Disk Full", "delay", "busy": the same server, later
  kGiveUpFile,  // a status message on the phone: "TFTP access error", "TFTP error"
};
Reaction react(std::uint16_t code, std::string_view text) noexcept;

// What the help desk reads on the phone's screen; empty for kNextFile.
std::string_view status_message(std::uint16_t code) noexcept;

}  // namespace dialtone::emu
