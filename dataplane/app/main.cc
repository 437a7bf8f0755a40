// SPDX-License-Identifier: Apache-2.0
//
// dialtone-dataplane: wiring and exit codes. The parts are made in the order in which they fail
// most often and cheapest; they end in the opposite order.
#include "dataplane/app/counters_memory.h"
#include "dataplane/app/housekeeper.h"
#include "dataplane/app/options.h"
#include "dataplane/app/worker.h"
#include "dataplane/config/address_text.h"
#include "dataplane/io/eal.h"
#include "dataplane/program/run.h"
#include "dataplane/program/signals.h"

#include <signal.h>
#include <unistd.h>

#include <sys/random.h>

#include <cstdlib>
#include <filesystem>

namespace dialtone::app {
namespace {

constexpr std::uint32_t kWorkers = 1;
constexpr std::uint32_t kStopWithinMs = 800;

void log_line(image::Severity severity, const std::string& line) {
  spdlog::log(severity == image::Severity::kWarning ? spdlog::level::warn : spdlog::level::info,
              "{}", line);
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

Result<image::OfferServer> listen(const Options& options, image::ImageStore& store,
                                  const CountersMemory& counters) {
  if (const auto folder = std::filesystem::path(options.socket).parent_path(); !folder.empty()) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
      return errno_error("making the folder of the socket " + options.socket, error.value());
    }
  }
  return image::OfferServer::listen({options.socket, counters.fd(), kWorkers}, store, log_line);
}

std::string text_of(const std::vector<IpAddress>& addresses) {
  std::string text;
  for (const IpAddress& address : addresses) {
    text += (text.empty() ? "" : ", ") + config::ip_text(address);
  }
  return text;
}

Result<WorkerConfig> worker_config(const Options& options, server::OurAddresses& addresses) {
  std::uint64_t seed = 0;
  if (::getrandom(&seed, sizeof(seed), 0) != sizeof(seed)) {
    return errno_error("asking for random bytes", errno);
  }
  const server::ResponderConfig responder{
      .mac = options.mac,
      .addresses = &addresses,
      .worker = 0,
      .worker_bits = 0,
      .max_sessions = options.max_sessions,
      .max_block_size = static_cast<std::uint16_t>(options.mtu - server::kPacketOverhead),
      .hash_seed = seed,
      .rate = TickRate::measure(),
      .accept_partial_checksum = options.accept_partial_checksum,
  };
  return WorkerConfig{0, options.idle_sleep_us, responder};
}

Result<void> serve(const Options& options) {
  std::string note;
  DIALTONE_TRY(io::check_device(options.device, note));
  if (!note.empty()) {
    spdlog::warn("{}", note);
  }
  auto signals = program::open_signals({SIGINT, SIGTERM});
  if (!signals) {
    return signals.error();
  }
  auto counters = CountersMemory::create(kWorkers);
  if (!counters) {
    return counters.error();
  }
  image::ImageStore store(kWorkers, choose_map_mode(options), stage_limits());
  auto offers = listen(options, store, *counters);
  if (!offers) {
    return offers.error();
  }
  auto eal = io::Eal::start({options.device, options.lcore, options.memory_mb, options.hugepages},
                            [](const std::string& line) { spdlog::warn("{}", line); });
  if (!eal) {
    return eal.error();
  }
  auto port = io::Port::open(options.device);
  if (!port) {
    return port.error();
  }
  server::OurAddresses addresses(options.addresses, options.mac);
  const auto config = worker_config(options, addresses);
  if (!config) {
    return config.error();
  }
  Worker worker(*config, *port, store, counters->worker(0));
  DIALTONE_TRY(eal->launch(&Worker::run, &worker));
  spdlog::info("serving {} on {} (MAC {}, {}, worker on CPU {})", text_of(options.addresses),
               options.device, config::mac_text(options.mac.bytes), port->driver(), options.lcore);

  Housekeeper(*offers, store, worker, signals->get()).run();

  worker.stop();
  if (!eal->wait(kStopWithinMs)) {
    spdlog::error("the worker does not stop; ending without it");
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
