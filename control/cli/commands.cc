// SPDX-License-Identifier: Apache-2.0
#include "control/cli/commands.h"

#include "control/cli/command_group.h"
#include "control/cli/dhcp_commands.h"
#include "dataplane/base/whole_number.h"

#include <string_view>

namespace dialtone::cli {
namespace {

void add_status(CLI::App& cli, Invocation& invocation, Completions& completions) {
  CLI::App* verb =
      add_verb(cli, "status", "What is served, since when, and what is wrong", "dialtone status");
  completions.push_back([verb, &invocation]() -> Result<void> {
    if (verb->parsed()) {
      invocation.command = "status";
    }
    return {};
  });
}

void add_setup(CLI::App& cli, Invocation& invocation, Completions& completions) {
  CLI::App* verb = add_verb(cli, "setup", "The steps of setting up: done, and to do with the cure",
                            "dialtone setup\n"
                            "  dialtone setup --check --assert 'todo == 0'\n"
                            "  dialtone --json setup --proxy");
  add_switch(*verb, "--check", "Only look: what it does anyway, for scripts that say it");
  const CLI::Option* proxy =
      add_switch(*verb, "--proxy", "The steps of a proxy for other clusters");
  completions.push_back([=, &invocation]() -> Result<void> {
    if (verb->parsed()) {
      invocation.command = "setup";
      if (proxy->count() != 0) {
        invocation.arguments["proxy"] = true;
      }
    }
    return {};
  });
}

void add_doctor(CLI::App& cli, Invocation& invocation, Completions& completions) {
  CLI::App* verb =
      add_verb(cli, "doctor", "What is wrong, and what cures it; ends with 4 if anything is",
               "dialtone doctor\n"
               "  dialtone doctor --assert 'listen.v6'");
  completions.push_back([verb, &invocation]() -> Result<void> {
    if (verb->parsed()) {
      invocation.command = "doctor";
    }
    return {};
  });
}

void add_build(CLI::App& cli, Invocation& invocation, Completions& completions) {
  CLI::App* verb = add_verb(cli, "build", "Build every file again and publish what is different",
                            "dialtone build\n"
                            "  dialtone build --dialplan hq");
  CLI::Option* plan =
      verb->add_option("--dialplan", "Only the files of this dial plan, and what has changed")
          ->type_name("NAME");
  const CLI::Option* check = add_switch(*verb, "--check", "As 'dialtone check'");
  plan->excludes(verb->get_option("--check"));
  const CLI::Option* no_wait = add_no_wait(*verb);
  completions.push_back([=, &invocation]() -> Result<void> {
    if (verb->parsed()) {
      invocation.command = check->count() != 0 ? "check" : "build";
      put_text(invocation, "dialplan", *plan);
      invocation.patience = kLongPatience;
      if (check->count() == 0) {
        put_wait(invocation, *no_wait);
      }
    }
    return {};
  });
}

constexpr std::uint64_t kMostDeltaMs = 3'600'000;

// "500ms", "10s", "2m".
Result<std::uint64_t> read_delta(const std::string& text) {
  constexpr std::pair<std::string_view, std::uint64_t> kUnits[] = {
      {"ms", 1}, {"s", 1000}, {"m", 60'000}};
  for (const auto& [unit, factor] : kUnits) {
    if (!text.ends_with(unit)) {
      continue;
    }
    const auto number =
        whole_number<std::uint64_t>(std::string_view(text).substr(0, text.size() - unit.size()));
    if (number && *number != 0 && *number <= kMostDeltaMs / factor) {
      return *number * factor;
    }
    break;
  }
  return usage("--delta '" + printable(text) +
               "' is no time that can be waited: 1ms to 60m, a whole number with its unit, as "
               "500ms, 10s or 2m");
}

void add_counters(CLI::App& cli, Invocation& invocation, Completions& completions) {
  CLI::App* verb = add_verb(cli, "counters", "Counters of the dataplane that are not zero",
                            "dialtone counters 'drop_*' --all\n"
                            "  dialtone counters --cisco\n"
                            "  dialtone counters --mark before\n"
                            "  dialtone counters --since before --assert 'RequestsNotFound == 1'\n"
                            "  dialtone counters --delta 10s");
  verb->add_option("PATTERN", invocation.counter_pattern, "Shell pattern of the counter's name");
  verb->add_flag("--all", invocation.zero_counters, "Those that are zero too");
  const CLI::Option* cisco =
      add_switch(*verb, "--cisco", "Those of Cisco's object \"Cisco TFTP\", under Cisco's names");
  CLI::Option* mark =
      verb->add_option("--mark", "Give what is counted now a name, for --since")->type_name("NAME");
  CLI::Option* since = verb->add_option("--since", "What has happened since that mark was set")
                           ->type_name("NAME")
                           ->excludes(mark);
  const CLI::Option* delta =
      verb->add_option("--delta", "Wait so long (500ms, 10s, 2m), and say what happened meanwhile")
          ->type_name("TIME")
          ->excludes(mark)
          ->excludes(since);
  verb->add_option("--check-metrics", invocation.metrics_file,
                   "Compare with what --json has written to this file")
      ->type_name("FILE")
      ->excludes(mark)
      ->excludes(since);
  completions.push_back([=, &invocation]() -> Result<void> {
    if (verb->parsed()) {
      invocation.command = "counters";
      put_text(invocation, "mark", *mark);
      put_text(invocation, "since", *since);
      if (delta->count() != 0) {
        const auto milliseconds = read_delta(delta->results().front());
        if (!milliseconds) {
          return milliseconds.error();
        }
        invocation.delta_ms = *milliseconds;
      }
      if (cisco->count() != 0) {
        invocation.arguments["cisco"] = true;
        invocation.zero_counters = true;  // a dashboard looks for each of them
      }
    }
    return {};
  });
}

void add_events(CLI::App& cli, Invocation& invocation, Completions& completions) {
  CLI::App* verb = add_verb(cli, "events", "The newest requests and ends of transfers",
                            "dialtone events --follow\n"
                            "  dialtone events --device SEP02D1A1000001 --limit 20\n"
                            "  dialtone --json events --client 10.77.1.2 | jq '.result.events[]'");
  verb->add_flag("--follow", invocation.follow, "Go on with new ones until Ctrl-C");
  const CLI::Option* device =
      verb->add_option("--device", "Of whoever asked for a file of this device")->type_name("NAME");
  const CLI::Option* client =
      verb->add_option("--client", "Of this address only")->type_name("ADDRESS");
  const CLI::Option* limit = verb->add_option("--limit", "At most so many, the newest (100)")
                                 ->type_name("N")
                                 ->check(CLI::Range(1, 10'000));
  completions.push_back([=, &invocation]() -> Result<void> {
    if (verb->parsed()) {
      invocation.command = "events";
      put_text(invocation, "device", *device);
      put_text(invocation, "client", *client);
      if (limit->count() != 0) {
        invocation.arguments["limit"] = limit->as<std::uint64_t>();
      }
    }
    return {};
  });
}

}  // namespace

Completions add_commands(CLI::App& cli, Invocation& invocation) {
  Completions completions;
  add_status(cli, invocation, completions);
  add_doctor(cli, invocation, completions);
  add_setup(cli, invocation, completions);
  add_service_commands(cli, invocation, completions);
  add_device_commands(cli, invocation, completions);
  add_model_commands(cli, invocation, completions);
  add_gateway_commands(cli, invocation, completions);
  add_phone_file_commands(cli, invocation, completions);
  add_import_commands(cli, invocation, completions);
  add_em_commands(cli, invocation, completions);
  add_export_commands(cli, invocation, completions);
  add_backup_commands(cli, invocation, completions);
  add_parameter_commands(cli, invocation, completions);
  add_build(cli, invocation, completions);
  add_generation_commands(cli, invocation, completions);
  add_file_commands(cli, invocation, completions);
  add_load_commands(cli, invocation, completions);
  add_counters(cli, invocation, completions);
  add_events(cli, invocation, completions);
  add_change_commands(cli, invocation, completions);
  add_explain_command(cli, invocation, completions);
  add_dhcp_commands(cli, invocation, completions);
  return completions;
}

Result<api::Json> read_pairs(const std::vector<std::string>& words, const char* shape,
                             Split split) {
  api::Json pairs = api::Json::object();
  for (const std::string& word : words) {
    const std::size_t equals = split == Split::kFirst ? word.find('=') : word.rfind('=');
    if (equals == std::string::npos || equals == 0) {
      return usage("'" + printable(word) + "' is not " + shape);
    }
    const std::string name = word.substr(0, equals);
    if (pairs.contains(name)) {
      return usage("'" + printable(name) + "' is given twice; give it once");
    }
    pairs[name] = word.substr(equals + 1);
  }
  return pairs;
}

}  // namespace dialtone::cli
