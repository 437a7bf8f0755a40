// SPDX-License-Identifier: Apache-2.0
#include "control/cli/command_group.h"
#include "control/cli/commands.h"

namespace dialtone::cli {
namespace {

constexpr std::chrono::seconds kStartPatience{30};

// Of `start` and `stop`; --wait is for scripts that say it.
const CLI::Option* add_wait(CLI::App& verb, const char* what) {
  CLI::Option* wait = verb.add_flag("--wait")->description(std::string(what) + ": the default");
  return verb.add_flag("--no-wait")->description("Do not wait for that")->excludes(wait);
}

}  // namespace

void add_service_commands(CLI::App& cli, Invocation& invocation, Completions& completions) {
  CLI::App* noun = add_noun(cli, "service", "Whether clients are answered: stop, start, and state");
  CLI::App* status = add_verb(*noun, "status", "Running, draining or stopped, and since when",
                              "dialtone service status --assert 'state==\"stopped\"'");
  CLI::App* stop =
      add_verb(*noun, "stop", "Answer no request any more; transfers may go on for stop_within_s",
               "dialtone service stop\n"
               "  dialtone service stop --drain && dialtone service start");
  const CLI::Option* drain =
      add_switch(*stop, "--drain", "Let transfers go on for as long as they take");
  const CLI::Option* stop_no_wait = add_wait(*stop, "Wait until the last transfer has ended");
  CLI::App* start = add_verb(*noun, "start", "Answer requests again, with the newest files",
                             "dialtone service start --wait");
  const CLI::Option* start_no_wait = add_wait(*start, "Wait until requests are answered");
  completions.push_back([=, &invocation]() -> Result<void> {
    if (status->parsed()) {
      invocation.command = "service status";
    } else if (stop->parsed()) {
      invocation.command = "service stop";
      if (drain->count() != 0) {
        invocation.arguments["drain"] = true;
      }
      if (stop_no_wait->count() == 0) {
        invocation.awaited = {"stopped", kLongPatience};
      }
    } else if (start->parsed()) {
      invocation.command = "service start";
      if (start_no_wait->count() == 0) {
        invocation.awaited = {"running", kStartPatience};
      }
    }
    return {};
  });
}

}  // namespace dialtone::cli
