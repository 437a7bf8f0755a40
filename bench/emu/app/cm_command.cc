// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/cm_command.h"

#include "bench/emu/app/cm_listener.h"
#include "bench/emu/app/command_end.h"
#include "bench/emu/app/device_run.h"
#include "bench/emu/app/finite.h"
#include "bench/emu/app/registration_record.h"
#include "bench/emu/storm/text_file.h"
#include "dataplane/base/printable.h"
#include "dataplane/config/address_text.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <optional>
#include <sstream>
#include <string>

namespace dialtone::emu {
namespace {

struct Given {
  std::string listen = "0.0.0.0";
  std::uint16_t sccp_port = 2000;
  std::uint16_t sip_port = 5060;
  std::string devices{};
  bool auto_register = false;
  std::string record{};
  std::uint64_t first_number = 1000;
  bool refuse = false;
  bool no_sbd = false;
  std::string load{};
  double seconds = 86400;
  bool json = false;
};

// The first word of each line; what stands behind it is of a storm.
std::set<std::string> names_of(const std::string& text) {
  std::set<std::string> names;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    if (std::string name; words >> name) {
      names.insert(name);
    }
  }
  return names;
}

// Names are what a device has sent.
void print_registered(const Registered& event, bool json) {
  if (json) {
    print_json({{"device", event.device},
                {"verdict", event.verdict},
                {"line", event.line},
                {"model", event.model},
                {"reason", event.reason}});
  } else {
    std::printf("%s %s%s%s\n", printable(event.device).c_str(), event.verdict.c_str(),
                event.line.empty() ? "" : (" line " + printable(event.line)).c_str(),
                event.reason.empty() ? "" : (": " + event.reason).c_str());
  }
  std::fflush(stdout);
}

int run_command(const Given& given) {
  const auto address = config::parse_ip(given.listen);
  if (!address) {
    return fail(usage("--listen: '" + given.listen + "' is no address; one is like 10.0.0.1"));
  }
  CallManagerConfig config{.auto_register = given.auto_register,
                           .refuses = given.refuse,
                           .is_without_sbd = given.no_sbd,
                           .load = given.load};
  if (!given.devices.empty()) {
    const auto text = read_text_file(given.devices);
    if (!text) {
      return fail(text.error());
    }
    config.devices = names_of(*text);
  }
  std::optional<RegistrationRecord> record;
  if (!given.record.empty()) {
    auto opened = RegistrationRecord::open(given.record, given.first_number);
    if (!opened) {
      return fail(opened.error());
    }
    record.emplace(*std::move(opened));
  }
  auto listener = CmListener::open(*address, {given.sccp_port, given.sip_port});
  if (!listener) {
    return fail(listener.error());
  }
  let_signals_cancel();
  std::fprintf(stderr, "call manager at %s: SCCP on port %u, SIP on port %u\n",
               given.listen.c_str(), given.sccp_port, given.sip_port);
  const bool json = given.json;
  PlayedCallManager manager(std::move(config), [json, &record](const Registered& event) {
    print_registered(event, json);
    if (const auto kept = record ? record->add(event) : Result<void>(); !kept) {
      fail(kept.error());
    }
  });
  const Micros end = now_us() + static_cast<Micros>(given.seconds * 1e6);
  const auto served = listener->serve(manager, [end] { return is_cancelled() || now_us() >= end; });
  return served ? 0 : fail(served.error());
}

}  // namespace

void add_cm_command(CLI::App& app, std::function<int()>& run) {
  const auto given = std::make_shared<Given>();
  CLI::App* command =
      app.add_subcommand("cm", "plays a Unified CM for devices that register, over TCP");
  command->add_option("--listen", given->listen, "its address")->capture_default_str();
  command->add_option("--sccp-port", given->sccp_port)->capture_default_str();
  command->add_option("--sip-port", given->sip_port)->capture_default_str();
  command->add_option("--devices", given->devices,
                      "a file: the devices of its database, a name on each line; else it knows "
                      "every device");
  CLI::Option* auto_register =
      command->add_flag("--auto-register", given->auto_register,
                        "takes phones that it does not know into its database");
  command
      ->add_option(
          "--record", given->record,
          "a file for those, which dialtone import csv takes into the appliance's database")
      ->needs(auto_register);
  command
      ->add_option("--first-number", given->first_number,
                   "directory number of the first of them; the next ones count on")
      ->capture_default_str();
  command->add_flag("--refuse", given->refuse, "rejects everybody");
  command->add_flag("--no-sbd", given->no_sbd,
                    "is of a release without security by default (before 8.0): a phone with an ITL "
                    "never registers");
  command->add_option("--load", given->load, "the load that devices learn from it: of .cnf");
  command->add_option("--for", given->seconds, "seconds; then it ends")
      ->check(finite(86400))
      ->capture_default_str();
  command->add_flag("--json", given->json, "one object for each device that registers");
  command->callback([given, &run] { run = [given] { return run_command(*given); }; });
}

}  // namespace dialtone::emu
