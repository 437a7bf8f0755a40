// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/replay_command.h"

#include "bench/emu/app/storm_run.h"
#include "bench/emu/storm/recording.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <string>

namespace dialtone::emu {
namespace {

struct ReplayOptions : StormOptions {
  std::string recording{};
  double speed = 1;
};

Result<CampusPlan> read_campus(const ReplayOptions& options) {
  auto recording = read_recording(options.recording);
  if (!recording) {
    return recording.error();
  }
  if (recording->left_out != 0) {
    std::fprintf(stderr, "note: %zu requests are left out, of names of more than %zu characters\n",
                 recording->left_out, FileName::kMost);
  }
  return plan_replay(*std::move(recording), options.speed);
}

}  // namespace

void add_replay_command(CLI::App& app, std::function<int()>& run) {
  const auto options = std::make_shared<ReplayOptions>();
  CLI::App* replay = app.add_subcommand("replay", "the phones of a recording ask again");
  replay
      ->add_option("RECORDING", options->recording,
                   "a capture (pcap, pcapng), or what dialtone --json events prints")
      ->required();
  replay->add_option("--speed", options->speed, "so many times as fast as recorded")
      ->check(CLI::Range(0.01, 1000.0))
      ->capture_default_str();
  add_storm_options(*replay, *options);
  replay->callback([options, &run] {
    run = [options] { return run_storm_command(*options, [&] { return read_campus(*options); }); };
  });
}

}  // namespace dialtone::emu
