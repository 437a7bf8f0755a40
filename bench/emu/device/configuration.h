// SPDX-License-Identifier: Apache-2.0
//
// What a phone takes out of its configuration: its load, its lines, and its call managers by
// priority. A
// reading of its own, by libxml2; the server's code is not asked. Facts: cisco-tftp 1.2 and 3.2.
// Pure, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dialtone::emu {

struct CallManager {
  std::string name{};  // or an address; empty: the file does not say it
  std::uint16_t sccp_port = 2000;
  std::uint16_t sip_port = 5060;
  std::string label{};  // what people call it; empty: the file does not say it
};

struct Configuration {
  std::string load{};  // empty: it says none
  bool is_sip = false;
  std::vector<CallManager> call_managers{};  // by priority
  std::vector<std::string> lines{};          // of SIP: the users that it registers
};

// A .cnf.xml, signed or not, or the text form of a 7940's SIP firmware ("image_version:
// P0S3-08-12-00"). Nothing: it is neither.
std::optional<Configuration> parse_configuration(std::span<const std::byte> content);

// The files that a .loads names, one on each line behind its signature (cisco-tftp 8.4).
std::vector<std::string> parse_load_list(std::span<const std::byte> content);

}  // namespace dialtone::emu
