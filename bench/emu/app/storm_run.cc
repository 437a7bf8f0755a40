// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/storm_run.h"

#include "bench/emu/app/client_addresses.h"
#include "bench/emu/app/command_end.h"
#include "bench/emu/app/link.h"
#include "bench/emu/app/storm_summary.h"
#include "bench/emu/storm/engine.h"
#include "bench/emu/storm/origin.h"
#include "bench/emu/storm/storm_record.h"
#include "dataplane/base/joined.h"
#include "dataplane/config/address_text.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace dialtone::emu {
namespace {

// What was asked for, read; the origin stays where the rules point.
struct Storm {
  StormConfig config{};
  std::optional<Origin> origin{};
  CampusPlan campus{};
};

Result<std::optional<Origin>> read_origin(const StormOptions& options) {
  if (options.origin_folders.empty() && options.origin_lists.empty()) {
    return std::optional<Origin>();
  }
  if (std::max(options.origin_folders.size(), options.origin_lists.size()) > Origin::kMostStates) {
    return usage("--origin, --origin-list: of at most " + std::to_string(Origin::kMostStates) +
                 " states of the server");
  }
  std::optional<Origin> origin(std::in_place);
  for (const std::string& folder : options.origin_folders) {
    DIALTONE_TRY(read_origin_folder(folder, *origin));
  }
  for (const std::string& list : options.origin_lists) {
    DIALTONE_TRY(read_origin_list(list, *origin));
  }
  return origin;
}

Result<std::unique_ptr<Storm>> plan_storm(const StormOptions& options, CampusPlan campus) {
  auto storm = std::make_unique<Storm>();
  const auto addresses = client_addresses(options.tftp, options.first, campus.phones.size());
  if (!addresses) {
    return addresses.error();
  }
  storm->config.server = addresses->server;
  storm->config.first = addresses->first;
  if (!options.vlan.empty()) {
    storm->config.vlan = static_cast<std::uint16_t>(std::stoul(options.vlan));
  }
  if (!options.router.empty()) {
    storm->config.router = config::parse_ip(options.router);
    if (!storm->config.router || storm->config.router->is_v4() != addresses->server.is_v4()) {
      return usage("--router: an address of the server's family on its link, like 10.77.0.254");
    }
  }
  auto origin = read_origin(options);
  if (!origin) {
    return origin.error();
  }
  storm->origin = *std::move(origin);
  storm->campus = std::move(campus);
  let_some_vanish(storm->campus, options.campus.vanish_percent, options.campus.seed);
  storm->config.at_a_time = storm->campus.at_a_time;
  storm->config.rules.origin = storm->origin ? &*storm->origin : nullptr;
  storm->config.rules.asked = {.block_size = options.block_size, .window = options.window};
  storm->config.impairment = {.loss = options.loss_percent / 100,
                              .duplicate = options.duplicate_percent / 100,
                              .reorder = options.reorder_percent / 100,
                              .delay = static_cast<Micros>(options.delay_ms * 1e3)};
  storm->config.seed = options.campus.seed;
  storm->config.patience = static_cast<Micros>(options.seconds * 1e6);
  storm->config.ticks = TickRate::measure();
  return storm;
}

nlohmann::json conditions_of(const StormOptions& options, const std::string& driver) {
  const std::vector<std::string>& origins =
      options.origin_lists.empty() ? options.origin_folders : options.origin_lists;
  return {{"link", options.link},
          {"driver", driver},
          {"server", options.tftp},
          {"first", options.first},
          {"router", options.router},
          {"seed", options.campus.seed},
          {"power", options.campus.power},
          {"window_s", options.campus.window_s},
          {"mix", options.campus.devices.empty() ? options.campus.mix : options.campus.devices},
          {"files", options.campus.files.empty() ? "boot orders" : options.campus.files},
          {"block_size", options.block_size == 0 ? 512 : options.block_size},
          {"window", options.window == 0 ? 1 : options.window},
          {"loss_percent", options.loss_percent},
          {"duplicate_percent", options.duplicate_percent},
          {"reorder_percent", options.reorder_percent},
          {"delay_ms", options.delay_ms},
          {"cpu", options.cpu},
          {"vanish_percent", options.campus.vanish_percent},
          {"origin", joined(origins, ", ")},
          {"command", command_line()},
          {"version", DIALTONE_VERSION}};
}

// In the words of the family: who looks for the fault looks at this protocol's frames.
Error silent_server(const IpAddress& server, const std::string& link) {
  if (is_cancelled()) {
    return failed("interrupted while " + config::ip_text(server) + " was looked for on " + link +
                  "; no phone was switched on");
  }
  return {ErrorCode::kUnreachable,
          config::ip_text(server) +
              (server.is_v4() ? " does not answer ARP on "
                              : " does not answer neighbour discovery on ") +
              link};
}

struct Run {
  Engine& engine;
  bool found = false;
};

int run_on_lcore(void* argument) {
  Run& run = *static_cast<Run*>(argument);
  run.found = run.engine.run();
  return 0;
}

// The storm on its CPU; this thread shows it, and stops it for who does not want to wait.
Result<nlohmann::json> run_storm(const StormOptions& options, Storm& storm) {
  const std::vector<std::uint32_t> cpus = io::allowed_cpus();
  if (std::find(cpus.begin(), cpus.end(), options.cpu) == cpus.end()) {
    return usage("--cpu: this process may not use CPU " + std::to_string(options.cpu));
  }
  const auto interface = InterfaceState::look(options.link);
  if (!interface) {
    return interface.error();
  }
  auto eal = start_eal(options.link, {options.cpu}, options.hugepages);
  if (!eal) {
    return eal.error();
  }
  auto port = io::Port::open(device_of(options.link), {});
  if (!port) {
    return port.error();
  }
  auto engine = std::make_unique<Engine>(storm.config, io::QueuePair{port->id(), 0}, port->pool(),
                                         storm.campus.phones);
  Run run{*engine};
  DIALTONE_TRY(eal->launch(0, run_on_lcore, &run));
  constexpr std::uint32_t kShowEveryMs = 200;
  LiveView view(storm.campus.phones.size());
  while (!eal->wait(kShowEveryMs)) {
    view.show(engine->progress());
    engine->progress().stop = is_cancelled();
  }
  view.clear();
  if (const auto losses = port->losses()) {
    engine->note_losses(*losses);
  }
  if (!run.found) {
    return silent_server(storm.config.server, options.link);
  }
  return storm_document(storm.campus, {engine->counts(), engine->fates(), engine->ended()},
                        conditions_of(options, port->driver()));
}

}  // namespace

int run_storm_command(const StormOptions& options, const CampusReader& read_campus) {
  const auto claim = parse_claim(options.expect);
  if (!claim) {
    return fail(claim.error());
  }
  if (options.link.empty()) {
    return fail(
        usage("--link: on which interface, or DPDK device, the phones are; or "
              "DIALTONE_EMU_LINK"));
  }
  auto campus = read_campus();
  if (!campus) {
    return fail(campus.error());
  }
  const auto storm = plan_storm(options, *std::move(campus));
  if (!storm) {
    return fail(storm.error());
  }
  if (!options.record.empty()) {
    if (const auto ready = prepare_record(options.record); !ready) {
      return fail(ready.error());
    }
  }
  let_signals_cancel();
  const auto document = run_storm(options, **storm);
  if (!document) {
    return fail(document.error());
  }
  // What it has found is said in any case: it would have to be run again for it.
  options.json ? print_json(*document) : print_summary(*document);
  if (!options.record.empty()) {
    if (const auto written = write_record(options.record, (*storm)->campus, *document); !written) {
      return fail(written.error());
    }
  }
  if (*claim) {
    return judge(*claim, *document);
  }
  return (*document)["failed"] == 0 ? 0 : static_cast<int>(ErrorCode::kFailed);
}

}  // namespace dialtone::emu
