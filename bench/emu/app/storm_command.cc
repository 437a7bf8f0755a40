// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/storm_command.h"

#include "bench/emu/app/finite.h"
#include "bench/emu/app/storm_run.h"

#include <memory>

namespace dialtone::emu {
namespace {

void add_campus_options(CLI::App& storm, StormOptions& options) {
  const auto* group = "Phones";
  storm.add_option("--phones", options.campus.phones, "how many; of --devices at most")
      ->group(group)
      ->check(CLI::Range(1, 1'000'000));
  storm.add_option("--devices", options.campus.devices, "a file: NAME MODEL on each line")
      ->group(group);
  storm
      .add_option("--mix", options.campus.mix,
                  "without --devices: shares of models, 7941:60,7912:10")
      ->group(group)
      ->capture_default_str();
  storm
      .add_option("--files", options.campus.files,
                  "what each fetches instead of its boot order, {MAC} or {mac} for its own; "
                  "those with '?' behind may be missing: 'CTLSEP{MAC}.tlv?,SEP{MAC}.cnf.xml'")
      ->group(group);
  storm
      .add_option("--power", options.campus.power,
                  "at-once, ramp, building:N, N phones in each, or in-turn:N, N at a time and the "
                  "next when one has booted")
      ->group(group)
      ->capture_default_str();
  storm.add_option("--window", options.campus.window_s, "seconds over which the power comes back")
      ->check(finite(86400))
      ->group(group)
      ->capture_default_str();
}

}  // namespace

void add_storm_command(CLI::App& app, std::function<int()>& run) {
  const auto options = std::make_shared<StormOptions>();
  CLI::App* storm = app.add_subcommand("storm", "many phones whose power comes back");
  add_campus_options(*storm, *options);
  add_storm_options(*storm, *options);
  storm->callback([options, &run] {
    run = [options] {
      return run_storm_command(*options, [&] { return plan_campus(options->campus); });
    };
  });
}

}  // namespace dialtone::emu
