// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/options.h"

#include "dataplane/abi/events_page.h"
#include "dataplane/config/toml_file.h"
#include "dataplane/io/eal.h"
#include "dataplane/io/handoff.h"
#include "dataplane/io/packet_pool.h"
#include "dataplane/server/our_addresses.h"
#include "dataplane/server/responder.h"

#include <algorithm>

namespace dialtone::app {
namespace {

std::vector<std::uint32_t> read_lcores(config::TomlTable& table) {
  const std::vector<std::uint32_t> cpus = io::allowed_cpus();
  std::vector<std::uint32_t> lcores;
  for (const std::int64_t number : table.integers("lcores", {0, 1023})) {
    const auto cpu = static_cast<std::uint32_t>(number);
    if (std::find(cpus.begin(), cpus.end(), cpu) == cpus.end()) {
      table.fault("lcores", "bad-value",
                  "CPU " + std::to_string(cpu) +
                      " is not among those that this process may use; the last one is " +
                      std::to_string(cpus.back()));
    } else if (std::find(lcores.begin(), lcores.end(), cpu) != lcores.end()) {
      table.fault(
          "lcores", "bad-value",
          "CPU " + std::to_string(cpu) + " is there twice; each worker needs one of its own");
    } else {
      lcores.push_back(cpu);
    }
  }
  if (lcores.size() > io::kMaxWorkers) {
    table.fault("lcores", "out-of-range",
                "lcores names " + std::to_string(lcores.size()) + " CPUs; at most " +
                    std::to_string(io::kMaxWorkers) + " workers run");
  }
  return lcores.empty() ? std::vector<std::uint32_t>{cpus.back()} : lcores;
}

// What the workers' packet buffers take is known here; below it the port would not start.
void check_memory(config::TomlTable& table, const Options& options) {
  const auto workers = static_cast<std::uint32_t>(options.lcores.size());
  if (const std::uint32_t needed = io::memory_mb_for(workers);
      workers <= io::kMaxWorkers && options.memory_mb < needed) {
    table.fault("memory_mb", "out-of-range",
                "memory_mb is " + std::to_string(options.memory_mb) + "; " +
                    std::to_string(workers) + " workers need at least " + std::to_string(needed));
  }
}

// The kernel's rules for a name; empty where none is given.
std::string read_interface(config::TomlTable& table, std::string_view key) {
  constexpr std::size_t kLongest = 15;
  std::string name = table.text(key, "");
  const auto is_bad = [](char c) {
    return c <= ' ' || c > '~' || c == '/' || c == ':' || c == '%';
  };
  if (name.size() > kLongest || name == "." || name == ".." ||
      std::any_of(name.begin(), name.end(), is_bad)) {
    table.fault(key, "bad-value",
                "'" + name + "' can be no name of an interface: at most " +
                    std::to_string(kLongest) + " letters and digits, as in \"tftp0\"");
  }
  return name;
}

}  // namespace

wire::MacAddress derived_mac(const IpAddress& address) noexcept {
  const std::uint64_t low = address.low;
  return {{0x02, 0x44, static_cast<std::uint8_t>(low >> 24), static_cast<std::uint8_t>(low >> 16),
           static_cast<std::uint8_t>(low >> 8), static_cast<std::uint8_t>(low)}};
}

Options read_options(const std::string& path, Diagnostics& faults) {
  const config::TomlFile file = config::TomlFile::read(path, faults);
  file.expect_tables({"dataplane", "control", "policy", "signing"}, faults);
  config::TomlTable table = file.table("dataplane", faults);
  const auto number = [&](std::string_view key, std::uint32_t fallback,
                          config::IntegerRange range) {
    return static_cast<std::uint32_t>(table.integer(key, fallback, range));
  };
  Options options;
  options.device = table.required_text("device", "net_af_packet0,iface=eth1");
  // One more is the link-local one that comes with IPv6.
  options.addresses =
      table.required_addresses("address", "10.77.0.1", server::OurAddresses::kMaxAddresses - 1);
  const IpAddress first = options.addresses.empty() ? IpAddress{} : options.addresses.front();
  options.mac.bytes = table.mac("mac", derived_mac(first).bytes);
  options.socket = table.text("socket", options.socket);
  options.lcores = read_lcores(table);
  options.memory_mb = number("memory_mb", options.memory_mb, {64, 1 << 20});
  check_memory(table, options);
  options.hugepages = table.boolean("hugepages", options.hugepages);
  options.max_sessions = number("max_sessions", options.max_sessions, {1, 1 << 20});
  options.mtu = number("mtu", options.mtu, {server::kLeastMtu, 1500});
  options.idle_sleep_us = number("idle_sleep_us", options.idle_sleep_us, {0, 100'000});
  options.drain_deadline_s = number("drain_deadline_s", options.drain_deadline_s, {1, 86'400});
  options.stop_within_s = number("stop_within_s", options.stop_within_s, {0, 86'400});
  options.single_port = table.boolean("single_port", options.single_port);
  options.exception_tap = read_interface(table, "exception_tap");
  options.punts_per_second = number("punts_per_second", options.punts_per_second, {1, 1'000'000});
  options.checksum_offload = table.boolean("checksum_offload", options.checksum_offload);
  options.accept_partial_checksum =
      table.boolean("accept_partial_checksum", options.accept_partial_checksum);
  options.events = number("events", options.events, {abi::kMinEvents, abi::kMaxEvents});
  options.telemetry = table.boolean("telemetry", options.telemetry);
  options.always_private_map = table.choice("private_map", "auto", {"auto", "always"}) == "always";
  options.log_level =
      table.choice("log_level", options.log_level, {"debug", "info", "warning", "error"});
  table.finish();
  return options;
}

}  // namespace dialtone::app
