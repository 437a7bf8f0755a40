// SPDX-License-Identifier: Apache-2.0
//
// dialtone-dataplane: wiring and exit codes. The parts are made in the order in which they fail
// most often and cheapest; they end in the opposite order.
#include "dataplane/app/control_socket.h"
#include "dataplane/app/exception_path.h"
#include "dataplane/app/housekeeper.h"
#include "dataplane/app/network_port.h"
#include "dataplane/app/options.h"
#include "dataplane/app/shared_pages.h"
#include "dataplane/app/telemetry.h"
#include "dataplane/app/worker_group.h"
#include "dataplane/program/log.h"
#include "dataplane/program/run.h"
#include "dataplane/program/signals.h"

#include <signal.h>
#include <unistd.h>

#include <sys/random.h>

#include <cerrno>
#include <cstdlib>
#include <optional>
#include <utility>

namespace dialtone::app {
namespace {

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

// Until a signal asks to stop.
Result<void> run_workers(const Options& options, const SharedPages& pages, image::ImageStore& store,
                         image::OfferServer& offers, NetworkPort network, int signals) {
  server::OurAddresses addresses(options.addresses, options.mac);
  std::optional<ExceptionPath> exceptions;
  if (network.tap.valid()) {
    exceptions.emplace(std::move(network.tap), options.workers());
  }
  const auto config = worker_config(options, network.mtu, addresses, pages.misses,
                                    exceptions ? &*exceptions : nullptr);
  if (!config) {
    return config.error();
  }
  auto group = WorkerGroup::make(*config, network.port, store, pages.counters, pages.events);
  if (!group) {
    return group.error();
  }
  Telemetry telemetry(pages.counters);
  DIALTONE_TRY(group->start(network.eal));
  log_serving(options, network);

  NetworkWatch watch(pages.counters, addresses, network.port, network.mtu, options.single_port);
  Housekeeper(offers, store, *group, pages.events, telemetry, config->responder.rate, signals,
              std::chrono::seconds(options.stop_within_s), watch)
      .run();

  if (!group->stop(network.eal)) {
    spdlog::error("a worker does not stop; ending without it");
    std::_Exit(static_cast<int>(ErrorCode::kTimeout));
  }
  return {};
}

Result<void> serve(const Options& options) {
  DIALTONE_TRY(check_device(options));
  auto signals = program::open_signals({SIGINT, SIGTERM});  // before there is another thread
  if (!signals) {
    return signals.error();
  }
  const auto pages = SharedPages::create(options);
  if (!pages) {
    return pages.error();
  }
  image::ImageStore store(options.workers(), choose_map_mode(options), stage_limits(),
                          std::chrono::seconds(options.drain_deadline_s));
  auto offers = listen_for_control(options, store, *pages);
  if (!offers) {
    return offers.error();
  }
  auto network = NetworkPort::open(options);
  if (!network) {
    return network.error();
  }
  return run_workers(options, *pages, store, *offers, *std::move(network), signals->get());
}

}  // namespace
}  // namespace dialtone::app

int main(int argc, char** argv) {
  return dialtone::program::run({"dialtone-dataplane", "dataplane",
                                 "Serves TFTP from a network interface of its own, from images "
                                 "that dialtone-control builds."},
                                argc, argv, dialtone::app::read_options, dialtone::app::serve);
}
