// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/network_port.h"

#include "dataplane/app/usable_mtu.h"
#include "dataplane/config/address_text.h"
#include "dataplane/io/device_check.h"
#include "dataplane/io/kernel_tap.h"
#include "dataplane/program/log.h"

#include <string>
#include <utility>
#include <vector>

namespace dialtone::app {
namespace {

std::string text_of(const std::vector<IpAddress>& addresses) {
  std::string text;
  for (const IpAddress& address : addresses) {
    text += (text.empty() ? "" : ", ") + config::ip_text(address);
  }
  return text;
}

// No descriptor where none is configured. It has the served MAC: the one to which phones and hosts
// send what is for the kernel, since its ARP replies name that.
Result<UniqueFd> open_exception_tap(const Options& options, std::uint32_t mtu) {
  if (options.exception_tap.empty()) {
    return UniqueFd();
  }
  if (const std::string interface = io::interface_answering_arp(options.device);
      !interface.empty()) {
    spdlog::warn(
        "the kernel answers ARP for the addresses of {} on {} as well: sysctl "
        "net.ipv4.conf.{}.arp_ignore=1",
        options.exception_tap, interface, interface);
  }
  auto tap = io::open_tap({options.exception_tap, options.mac, mtu});
  if (tap) {
    spdlog::info("what is not ours goes to the kernel at {}, {} frames a second from each worker",
                 options.exception_tap, options.punts_per_second);
  }
  return tap;
}

}  // namespace

Result<void> check_device(const Options& options) {
  std::string note;
  DIALTONE_TRY(io::check_device(options.device, options.workers(), note));
  if (!note.empty()) {
    spdlog::warn("{}", note);
  }
  return {};
}

Result<NetworkPort> NetworkPort::open(const Options& options) {
  auto eal = io::Eal::start(
      {options.device, options.lcores, options.memory_mb, options.hugepages, options.telemetry},
      [](const std::string& line) { spdlog::warn("{}", line); });
  if (!eal) {
    return eal.error();
  }
  auto port = io::Port::open(
      options.device, {static_cast<std::uint16_t>(options.workers()), options.checksum_offload});
  if (!port) {
    return port.error();
  }
  const auto mtu = usable_mtu(options.device, port->mtu().value_or(options.mtu), options.mtu);
  if (!mtu) {
    return mtu.error();
  }
  auto tap = open_exception_tap(options, *mtu);
  if (!tap) {
    return tap.error();
  }
  return NetworkPort{*std::move(eal), *std::move(port), *mtu, *std::move(tap)};
}

void log_serving(const Options& options, const NetworkPort& network) {
  const io::Port& port = network.port;
  spdlog::info("serving {} on {} (MAC {}, MTU {}, {}{}, {} on CPU {})", text_of(options.addresses),
               options.device, config::mac_text(options.mac.bytes), network.mtu, port.driver(),
               port.computes_checksums() ? " with checksum offload" : "",
               options.lcores.size() == 1 ? "worker" : "workers", fmt::join(options.lcores, ", "));
  if (!port.steering().empty()) {
    spdlog::info("{}", port.steering());
  }
  if (options.single_port) {
    spdlog::warn(
        "single-port mode: every reply comes from port 69, so who forges a client's address can "
        "acknowledge in its name, and send it whole files; list who may ask in allow of [policy]");
  }
}

}  // namespace dialtone::app
