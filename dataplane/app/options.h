// SPDX-License-Identifier: Apache-2.0
//
// The settings of dialtone-dataplane: the [dataplane] table of the configuration file.
// docs/reference.md lists them; a default stands here and there, nowhere else. Cold.
#pragma once

#include "dataplane/base/diagnostic.h"
#include "dataplane/base/ip_address.h"
#include "dataplane/wire/mac_address.h"

#include <cstdint>
#include <string>
#include <vector>

namespace dialtone::app {

struct Options {
  std::string device;
  std::vector<IpAddress> addresses;
  wire::MacAddress mac{};
  std::string socket = "run/dataplane.sock";
  std::vector<std::uint32_t> lcores;  // the workers' CPUs
  std::uint32_t memory_mb = 128;
  bool hugepages = true;
  std::uint32_t max_sessions = 65536;
  std::uint32_t mtu = 1500;  // bytes of an IPv4 packet that the link carries
  std::uint32_t idle_sleep_us = 0;
  std::uint32_t drain_deadline_s = 900;
  std::uint32_t stop_within_s = 8;          // that transfers may go on after SIGTERM
  std::string exception_tap;                // empty: the kernel gets nothing
  bool single_port = false;                 // all replies come from port 69
  std::uint32_t punts_per_second = 10'000;  // that it gets of each worker, and of each kind
  bool checksum_offload = true;
  bool accept_partial_checksum = false;
  std::uint32_t events = 16384;  // records of each worker's ring
  bool telemetry = true;
  bool always_private_map = false;
  std::string log_level = "info";

  std::uint32_t workers() const noexcept { return static_cast<std::uint32_t>(lcores.size()); }
};

// The MAC that goes with the first address when none is configured: locally administered, 02:44 and
// the last four bytes of the address.
wire::MacAddress derived_mac(const IpAddress& address) noexcept;

// Reads the file; everything that is wrong goes into `faults`, and then the result is of no use.
Options read_options(const std::string& path, Diagnostics& faults);

}  // namespace dialtone::app
