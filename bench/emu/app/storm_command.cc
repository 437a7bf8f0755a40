// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/storm_command.h"

#include "bench/emu/app/command_end.h"
#include "bench/emu/app/finite.h"
#include "bench/emu/app/link.h"
#include "bench/emu/storm/campus_plan.h"
#include "bench/emu/storm/engine.h"
#include "bench/emu/storm/origin.h"
#include "bench/emu/storm/storm_record.h"
#include "dataplane/config/address_text.h"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

namespace dialtone::emu {
namespace {

struct Given {
  std::string link{};
  std::uint32_t cpu = 0;
  bool hugepages = false;
  std::string tftp{};
  std::string first = "10.77.64.1";
  std::string vlan{};
  std::string router{};
  CampusOptions campus{};
  std::vector<std::string> origin_folders{};
  std::vector<std::string> origin_lists{};
  std::uint16_t block_size = 0;
  std::uint16_t window = 0;
  double loss_percent = 0;
  double duplicate_percent = 0;
  double reorder_percent = 0;
  double delay_ms = 0;
  double seconds = 300;
  std::string record{};
  std::string expect{};
  bool json = false;
};

// What was asked for, read; the origin stays where the rules point.
struct Storm {
  StormConfig config{};
  std::optional<Origin> origin{};
  CampusPlan campus{};
};

Result<std::optional<Origin>> read_origin(const Given& given) {
  if (given.origin_folders.empty() && given.origin_lists.empty()) {
    return std::optional<Origin>();
  }
  if (std::max(given.origin_folders.size(), given.origin_lists.size()) > Origin::kMostStates) {
    return usage("--origin, --origin-list: of at most " + std::to_string(Origin::kMostStates) +
                 " states of the server");
  }
  std::optional<Origin> origin(std::in_place);
  for (const std::string& folder : given.origin_folders) {
    DIALTONE_TRY(read_origin_folder(folder, *origin));
  }
  for (const std::string& list : given.origin_lists) {
    DIALTONE_TRY(read_origin_list(list, *origin));
  }
  return origin;
}

Result<std::unique_ptr<Storm>> plan_storm(const Given& given) {
  auto storm = std::make_unique<Storm>();
  const auto server = config::parse_ip(given.tftp);
  const auto first = config::parse_ip(given.first);
  if (!server || !server->is_v4() || !first || !first->is_v4()) {
    return usage("--tftp and --first: each is an IPv4 address, like 10.77.0.1");
  }
  storm->config.server = *server;
  storm->config.first = *first;
  if (!given.vlan.empty()) {
    storm->config.vlan = static_cast<std::uint16_t>(std::stoul(given.vlan));
  }
  if (!given.router.empty()) {
    storm->config.router = config::parse_ip(given.router);
    if (!storm->config.router || !storm->config.router->is_v4()) {
      return usage("--router: an IPv4 address on the server's link, like 10.77.0.254");
    }
  }
  auto origin = read_origin(given);
  if (!origin) {
    return origin.error();
  }
  storm->origin = *std::move(origin);
  auto campus = plan_campus(given.campus);
  if (!campus) {
    return campus.error();
  }
  storm->campus = *std::move(campus);
  const std::uint64_t last = first->low + storm->campus.phones.size() - 1;
  if (last > IpAddress::from_v4(0xffffffff).low ||
      (server->low >= first->low && server->low <= last)) {
    return usage("--first: the phones take " + given.first + " to " +
                 config::ip_text({first->high, std::min(last, IpAddress::from_v4(~0u).low)}) +
                 (last > IpAddress::from_v4(~0u).low ? ", which are not enough addresses"
                                                     : ", and the server is among them"));
  }
  storm->config.at_a_time = storm->campus.at_a_time;
  storm->config.rules.origin = storm->origin ? &*storm->origin : nullptr;
  storm->config.rules.asked = {.block_size = given.block_size, .window = given.window};
  storm->config.impairment = {.loss = given.loss_percent / 100,
                              .duplicate = given.duplicate_percent / 100,
                              .reorder = given.reorder_percent / 100,
                              .delay = static_cast<Micros>(given.delay_ms * 1e3)};
  storm->config.seed = given.campus.seed;
  storm->config.patience = static_cast<Micros>(given.seconds * 1e6);
  storm->config.ticks = TickRate::measure();
  return storm;
}

std::string joined(const std::vector<std::string>& paths) {
  std::string text;
  for (const std::string& path : paths) {
    text += (text.empty() ? "" : ", ") + path;
  }
  return text;
}

nlohmann::json conditions_of(const Given& given, const std::string& driver) {
  return {
      {"link", given.link},
      {"driver", driver},
      {"server", given.tftp},
      {"first", given.first},
      {"router", given.router},
      {"seed", given.campus.seed},
      {"power", given.campus.power},
      {"window_s", given.campus.window_s},
      {"mix", given.campus.devices.empty() ? given.campus.mix : given.campus.devices},
      {"files", given.campus.files.empty() ? "boot orders" : given.campus.files},
      {"block_size", given.block_size == 0 ? 512 : given.block_size},
      {"window", given.window == 0 ? 1 : given.window},
      {"loss_percent", given.loss_percent},
      {"duplicate_percent", given.duplicate_percent},
      {"reorder_percent", given.reorder_percent},
      {"delay_ms", given.delay_ms},
      {"cpu", given.cpu},
      {"vanish_percent", given.campus.vanish_percent},
      {"origin", joined(given.origin_lists.empty() ? given.origin_folders : given.origin_lists)},
      {"command", command_line()},
      {"version", DIALTONE_VERSION}};
}

void print_summary(const nlohmann::json& document) {
  const auto number = [&](const char* key) { return document[key].get<unsigned long>(); };
  std::printf("%lu of %lu phones ready, %lu failed, in %.3f s\n", number("ready"), number("phones"),
              number("failed"), document["seconds"].get<double>());
  for (const char* phase : {"first_answer", "trust", "config", "ready"}) {
    const nlohmann::json& times = document["phases"][phase];
    if (times["count"] == 0) {
      std::printf("  %-13s nobody\n", phase);
      continue;
    }
    std::printf("  %-13s p50 %10.3f ms   p99 %10.3f ms   p99.9 %10.3f ms   last %10.3f ms\n", phase,
                times["p50_ms"].get<double>(), times["p99_ms"].get<double>(),
                times["p999_ms"].get<double>(), times["max_ms"].get<double>());
  }
  std::printf(
      "  %lu requests, %lu of them again; %lu files, %lu not there, %lu byte for byte as at "
      "the origin\n",
      number("requests"), number("retries"), number("files"), number("not_found"),
      number("verified"));
  if (number("withheld") != 0 || number("wrong_bytes") != 0 || number("torn") != 0) {
    std::printf(
        "  %lu phones got a wrong file, %lu one of two states, %lu were denied one that the origin "
        "has\n",
        number("wrong_bytes"), number("torn"), number("withheld"));
  }
  if (number("vanished") != 0) {
    std::printf("  %lu phones lost their power, as planned\n", number("vanished"));
  }
  if (document["ended"] != "all over") {
    std::printf("  ended before: %s\n", document["ended"].get<std::string>().c_str());
  }
  const nlohmann::json& generator = document["generator"];
  std::printf(
      "  generator: busy %.0f %%, %lu late polls (longest %.1f ms), %lu frames not sent, %lu "
      "not read\n",
      generator["busy"].get<double>() * 100, generator["late_polls"].get<unsigned long>(),
      generator["longest_poll_ms"].get<double>(), generator["not_sent"].get<unsigned long>(),
      generator["port_missed"].get<unsigned long>());
}

// While it runs: one line, written over itself on a terminal.
void show_progress(Engine& engine, std::size_t phones) {
  if (::isatty(STDERR_FILENO) == 0) {
    return;
  }
  const Progress& progress = engine.progress();
  std::fprintf(stderr, "\r%u of %zu phones ready, %u started, %lu frames", progress.ready.load(),
               phones, progress.started.load(),
               static_cast<unsigned long>(progress.received.load()));
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
Result<nlohmann::json> run_storm(const Given& given, Storm& storm) {
  const std::vector<std::uint32_t> cpus = io::allowed_cpus();
  if (std::find(cpus.begin(), cpus.end(), given.cpu) == cpus.end()) {
    return usage("--cpu: this process may not use CPU " + std::to_string(given.cpu));
  }
  auto eal = start_eal(given.link, {given.cpu}, given.hugepages);
  if (!eal) {
    return eal.error();
  }
  auto port = io::Port::open(device_of(given.link), {});
  if (!port) {
    return port.error();
  }
  auto engine = std::make_unique<Engine>(storm.config, io::QueuePair{port->id(), 0}, port->pool(),
                                         storm.campus.phones);
  Run run{*engine};
  DIALTONE_TRY(eal->launch(0, run_on_lcore, &run));
  constexpr std::uint32_t kShowEveryMs = 200;
  while (!eal->wait(kShowEveryMs)) {
    show_progress(*engine, storm.campus.phones.size());
    engine->progress().stop = is_cancelled();
  }
  if (const auto losses = port->losses()) {
    engine->note_losses(*losses);
  }
  if (!run.found) {
    return Error{ErrorCode::kUnreachable, given.tftp + " does not answer ARP on " + given.link};
  }
  if (::isatty(STDERR_FILENO) != 0) {
    std::fputs("\r\x1b[K", stderr);
  }
  return storm_document(storm.campus, *engine, conditions_of(given, port->driver()));
}

int run_command(const Given& given) {
  const auto claim = parse_claim(given.expect);
  if (!claim) {
    return fail(claim.error());
  }
  if (given.link.empty()) {
    return fail(
        usage("--link: on which interface, or DPDK device, the phones are; or "
              "DIALTONE_EMU_LINK"));
  }
  const auto storm = plan_storm(given);
  if (!storm) {
    return fail(storm.error());
  }
  let_signals_cancel();
  const auto document = run_storm(given, **storm);
  if (!document) {
    return fail(document.error());
  }
  if (!given.record.empty()) {
    if (const auto written = write_record(given.record, (*storm)->campus, *document); !written) {
      return fail(written.error());
    }
  }
  given.json ? print_json(*document) : print_summary(*document);
  if (*claim) {
    return judge(*claim, *document);
  }
  return (*document)["failed"] == 0 ? 0 : static_cast<int>(ErrorCode::kFailed);
}

void add_campus_options(CLI::App& storm, Given& given) {
  const auto* group = "Phones";
  storm.add_option("--phones", given.campus.phones, "how many; of --devices at most")
      ->group(group)
      ->check(CLI::Range(1, 1'000'000));
  storm.add_option("--devices", given.campus.devices, "a file: NAME MODEL on each line")
      ->group(group);
  storm
      .add_option("--mix", given.campus.mix, "without --devices: shares of models, 7941:60,7912:10")
      ->group(group)
      ->capture_default_str();
  storm
      .add_option("--files", given.campus.files,
                  "what each fetches instead of its boot order, {MAC} or {mac} for its own; "
                  "those with '?' behind may be missing: 'CTLSEP{MAC}.tlv?,SEP{MAC}.cnf.xml'")
      ->group(group);
  storm.add_option("--first", given.first, "address of the first phone; the others follow it")
      ->group(group)
      ->capture_default_str();
  storm.add_option("--vlan", given.vlan, "their voice VLAN")
      ->group(group)
      ->check(CLI::Range(1, 4094));
  storm
      .add_option("--router", given.router,
                  "the phones are behind a router with this address on the server's link")
      ->group(group);
  storm
      .add_option("--power", given.campus.power,
                  "at-once, ramp, building:N, N phones in each, or in-turn:N, N at a time and the "
                  "next when one has booted")
      ->group(group)
      ->capture_default_str();
  storm.add_option("--window", given.campus.window_s, "seconds over which the power comes back")
      ->check(finite(86400))
      ->group(group)
      ->capture_default_str();
  storm
      .add_option("--vanish", given.campus.vanish_percent,
                  "percent of the phones that lose their power again, after 1 to 30 packets")
      ->check(finite(100))
      ->group(group);
  storm.add_option("--seed", given.campus.seed, "of the order of power, and of the link's faults")
      ->group(group)
      ->capture_default_str();
  storm.add_option("--blksize", given.block_size, "asked for; none: plain RFC 1350")
      ->group(group)
      ->check(CLI::Range(8, 1468));
  storm.add_option("--windowsize", given.window, "asked for")
      ->group(group)
      ->check(CLI::Range(1, 64));
}

void add_link_options(CLI::App& storm, Given& given) {
  const auto* group = "Link";
  storm.add_option("--link", given.link, "interface, or DPDK device string")
      ->group(group)
      ->envname("DIALTONE_EMU_LINK");
  storm.add_option("--cpu", given.cpu, "that the storm has for itself")
      ->group(group)
      ->capture_default_str();
  storm.add_flag("--hugepages", given.hugepages, "for packet buffers")->group(group);
  const CLI::Validator percent = finite(100);
  storm.add_option("--loss", given.loss_percent, "percent of the frames, of each way")
      ->group(group)
      ->check(percent);
  storm.add_option("--duplicate", given.duplicate_percent, "percent of what phones send")
      ->group(group)
      ->check(percent);
  storm.add_option("--reorder", given.reorder_percent, "percent that come 1 ms later")
      ->group(group)
      ->check(percent);
  storm.add_option("--delay", given.delay_ms, "milliseconds, each way")
      ->check(finite(86400))
      ->group(group);
}

}  // namespace

void add_storm_command(CLI::App& app, std::function<int()>& run) {
  const auto given = std::make_shared<Given>();
  CLI::App* storm = app.add_subcommand("storm", "many phones whose power comes back");
  storm->add_option("--tftp", given->tftp, "the server, on their link")->required();
  add_campus_options(*storm, *given);
  add_link_options(*storm, *given);
  CLI::Option* folder =
      storm
          ->add_option("--origin", given->origin_folders,
                       "a folder with the files as they should be; again for each state that the "
                       "server has during the storm")
          ->expected(1)
          ->take_all();
  storm
      ->add_option("--origin-list", given->origin_lists,
                   "the same by digests: what dialtone --json files ls prints")
      ->expected(1)
      ->take_all()
      ->excludes(folder);
  storm->add_option("--for", given->seconds, "seconds to wait for the last phone")
      ->check(finite(86400))
      ->capture_default_str();
  storm->add_option("--record", given->record, "a folder for run.jsonl and meta.json");
  storm->add_option("--expect", given->expect,
                    "a claim about --json; exit code 4 when it is wrong");
  storm->add_flag("--json", given->json, "one object instead of a summary");
  storm->callback([given, &run] { run = [given] { return run_command(*given); }; });
}

}  // namespace dialtone::emu
