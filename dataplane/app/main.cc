// SPDX-License-Identifier: Apache-2.0
//
// dialtone-dataplane: wiring and exit codes. The parts are made in the order in which they fail
// most often and cheapest; they end in the opposite order.
#include "dataplane/app/counters_memory.h"
#include "dataplane/app/events_memory.h"
#include "dataplane/app/exception_path.h"
#include "dataplane/app/housekeeper.h"
#include "dataplane/app/miss_memory.h"
#include "dataplane/app/options.h"
#include "dataplane/app/telemetry.h"
#include "dataplane/app/usable_mtu.h"
#include "dataplane/app/worker_group.h"
#include "dataplane/config/address_text.h"
#include "dataplane/io/device_check.h"
#include "dataplane/io/eal.h"
#include "dataplane/io/kernel_tap.h"
#include "dataplane/program/log.h"
#include "dataplane/program/run.h"
#include "dataplane/program/signals.h"

#include <signal.h>
#include <unistd.h>

#include <sys/random.h>

#include <cstdlib>
#include <filesystem>
#include <optional>

namespace dialtone::app {
namespace {

std::uint32_t worker_count(const Options& options) {
  return static_cast<std::uint32_t>(options.lcores.size());
}

image::MapMode choose_map_mode(const Options& options) {
  if (options.always_private_map) {
    spdlog::info("maps images privately, as configured");
    return image::MapMode::kPrivate;
  }
  const image::MapMode mode = image::supported_map_mode();
  if (mode == image::MapMode::kPrivate) {
    spdlog::info("maps images privately: this kernel refuses shared maps of sealed memfds");
  }
  return mode;
}

image::StageLimits stage_limits() {
  image::StageLimits limits;
  limits.bytes = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) / 2 *
                 static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return limits;
}

std::uint32_t families_of(const std::vector<IpAddress>& addresses) {
  std::uint32_t families = 0;
  for (const IpAddress& address : addresses) {
    families |= address.is_v4() ? abi::kServesIpv4 : abi::kServesIpv6;
  }
  return families;
}

Result<image::OfferServer> listen(const Options& options, image::ImageStore& store,
                                  const CountersMemory& counters, const MissMemory& misses,
                                  const EventsMemory& events) {
  if (const auto folder = std::filesystem::path(options.socket).parent_path(); !folder.empty()) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
      return errno_error("making the folder of the socket " + options.socket, error.value());
    }
  }
  return image::OfferServer::listen({.path = options.socket,
                                     .workers = worker_count(options),
                                     .families = families_of(options.addresses),
                                     .counters_fd = counters.fd(),
                                     .misses_fd = misses.fd(),
                                     .events_fd = events.fd(),
                                     .is_connected = &misses.listening()},
                                    store, program::log_line);
}

std::string text_of(const std::vector<IpAddress>& addresses) {
  std::string text;
  for (const IpAddress& address : addresses) {
    text += (text.empty() ? "" : ", ") + config::ip_text(address);
  }
  return text;
}

Result<WorkerConfig> worker_config(const Options& options, std::uint32_t mtu,
                                   server::OurAddresses& addresses, const MissMemory& misses,
                                   ExceptionPath* exceptions) {
  std::uint64_t seed = 0;
  if (::getrandom(&seed, sizeof(seed), 0) != sizeof(seed)) {
    return errno_error("asking for random bytes", errno);
  }
  const server::ResponderConfig responder{
      .mac = options.mac,
      .addresses = &addresses,
      .max_sessions = options.max_sessions,
      .max_block_size = static_cast<std::uint16_t>(mtu - server::kPacketOverhead),
      .hash_seed = seed,
      .rate = TickRate::measure(),
      .single_port = options.single_port,
      .accept_partial_checksum = options.accept_partial_checksum,
      .punts_per_second = options.exception_tap.empty() ? 0 : options.punts_per_second,
  };
  return WorkerConfig{options.idle_sleep_us, responder, &misses, exceptions};
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

void log_serving(const Options& options, std::uint32_t mtu, const io::Port& port) {
  spdlog::info("serving {} on {} (MAC {}, MTU {}, {}{}, {} on CPU {})", text_of(options.addresses),
               options.device, config::mac_text(options.mac.bytes), mtu, port.driver(),
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

Result<void> serve(const Options& options) {
  std::string note;
  const std::uint32_t workers = worker_count(options);
  DIALTONE_TRY(io::check_device(options.device, workers, note));
  if (!note.empty()) {
    spdlog::warn("{}", note);
  }
  auto signals = program::open_signals({SIGINT, SIGTERM});
  if (!signals) {
    return signals.error();
  }
  auto counters = CountersMemory::create(workers);
  if (!counters) {
    return counters.error();
  }
  const auto misses = MissMemory::create(workers);
  if (!misses) {
    return misses.error();
  }
  const auto events = EventsMemory::create(options.events, workers);
  if (!events) {
    return events.error();
  }
  image::ImageStore store(workers, choose_map_mode(options), stage_limits(),
                          std::chrono::seconds(options.drain_deadline_s));
  auto offers = listen(options, store, *counters, *misses, *events);
  if (!offers) {
    return offers.error();
  }
  auto eal = io::Eal::start(
      {options.device, options.lcores, options.memory_mb, options.hugepages, options.telemetry},
      [](const std::string& line) { spdlog::warn("{}", line); });
  if (!eal) {
    return eal.error();
  }
  auto port = io::Port::open(options.device,
                             {static_cast<std::uint16_t>(workers), options.checksum_offload});
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
  server::OurAddresses addresses(options.addresses, options.mac);
  std::optional<ExceptionPath> exceptions;
  if (tap->valid()) {
    exceptions.emplace(std::move(*tap), workers);
  }
  const auto config =
      worker_config(options, *mtu, addresses, *misses, exceptions ? &*exceptions : nullptr);
  if (!config) {
    return config.error();
  }
  auto group = WorkerGroup::make(*config, *port, store, *counters, *events);
  if (!group) {
    return group.error();
  }
  Telemetry telemetry(*counters);
  DIALTONE_TRY(group->start(*eal));
  log_serving(options, *mtu, *port);

  NetworkWatch network(*counters, addresses, *port, *mtu, options.single_port);
  Housekeeper(*offers, store, *group, *events, telemetry, config->responder.rate, signals->get(),
              std::chrono::seconds(options.stop_within_s), network)
      .run();

  if (!group->stop(*eal)) {
    spdlog::error("a worker does not stop; ending without it");
    std::_Exit(static_cast<int>(ErrorCode::kTimeout));
  }
  return {};
}

}  // namespace
}  // namespace dialtone::app

int main(int argc, char** argv) {
  return dialtone::program::run({"dialtone-dataplane", "dataplane",
                                 "Serves TFTP from a network interface of its own, from images "
                                 "that dialtone-control builds."},
                                argc, argv, dialtone::app::read_options, dialtone::app::serve);
}
