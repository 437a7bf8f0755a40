// SPDX-License-Identifier: Apache-2.0
#include "control/cli/command_group.h"
#include "control/cli/commands.h"
#include "control/cli/row_commands.h"

namespace dialtone::cli {
namespace {

void add_list(CLI::App& noun, Invocation& invocation, Completions& completions) {
  CLI::App* verb = add_verb(noun, "ls", "List devices",
                            "dialtone device ls 'SEP02D1*'\n"
                            "  dialtone device ls --pool London --model 'Cisco 8845'");
  const CLI::Option* pattern = verb->add_option("PATTERN", "Shell pattern of the name");
  const CLI::Option* pool =
      verb->add_option("--pool", "Only those of this device pool")->type_name("POOL");
  const CLI::Option* model =
      verb->add_option("--model", "Only those of this model")->type_name("MODEL");
  completions.push_back([=, &invocation]() -> Result<void> {
    if (verb->parsed()) {
      invocation.command = "device ls";
      put_text(invocation, "pattern", *pattern);
      put_text(invocation, "pool", *pool);
      put_text(invocation, "model", *model);
    }
    return {};
  });
}

void add_show(CLI::App& noun, Invocation& invocation, Completions& completions) {
  CLI::App* verb =
      add_verb(noun, "show", "Show every key of a device", "dialtone device show SEP02D1A1000001");
  const CLI::Option* name = verb->add_option("NAME", "Name of the device")->required();
  completions.push_back([=, &invocation]() -> Result<void> {
    if (verb->parsed()) {
      invocation.command = "device show";
      put_text(invocation, "name", *name);
    }
    return {};
  });
}

// Phones take a minute or so to boot.
constexpr int kRefetchSeconds = 180;

void add_reset(CLI::App& noun, Invocation& invocation, Completions& completions) {
  CLI::App* verb = add_verb(
      noun, "reset", "Have a device boot again by 'reset_command' of [control]; ends when it asks",
      "dialtone device reset SEP02D1A1000001\n"
      "  dialtone device reset SEP02D1A1000001 --assert 'refetch == 1'");
  const CLI::Option* name = verb->add_option("NAME", "Name of the device")->required();
  CLI::Option* seconds =
      verb->add_option("--within", "Seconds to wait until it asks for a file of its own (180)")
          ->type_name("SECONDS")
          ->check(CLI::Range(1, 3600));
  CLI::Option* wait = verb->add_flag("--wait")->description("Wait for that: the default");
  const CLI::Option* no_wait = verb->add_flag("--no-wait")
                                   ->description("Do not wait for that")
                                   ->excludes(wait)
                                   ->excludes(seconds);
  completions.push_back([=, &invocation]() -> Result<void> {
    if (verb->parsed()) {
      invocation.command = "device reset";
      put_text(invocation, "name", *name);
      if (no_wait->count() == 0) {
        invocation.refetch_patience =
            std::chrono::seconds(seconds->count() == 0 ? kRefetchSeconds : seconds->as<int>());
      }
    }
    return {};
  });
}

}  // namespace

void add_model_commands(CLI::App& cli, Invocation& invocation, Completions& completions) {
  CLI::App* noun = add_noun(cli, "model", "The models of phones that a device can be");
  const CLI::App* ls = add_verb(*noun, "ls", "List the models: buttons, load, devices of each",
                                "dialtone model ls --assert 'models > 100'");
  completions.push_back([=, &invocation]() -> Result<void> {
    if (ls->parsed()) {
      invocation.command = "model ls";
    }
    return {};
  });
}

void add_device_commands(CLI::App& cli, Invocation& invocation, Completions& completions) {
  CLI::App* noun = add_noun(cli, "device", "The devices of the database");
  add_list(*noun, invocation, completions);
  add_show(*noun, invocation, completions);
  add_row_change(*noun,
                 {"device", "set", "Change keys of a device",
                  "dialtone device set SEP02D1A1000001 description='Björn, room 12' pool=London",
                  "Name of the device"},
                 invocation, completions);
  add_row_change(
      *noun,
      {"device", "add", "Add a device",
       "dialtone device add SEP02D1A1000009 model='Cisco 8845' pool=London line1.dn=4009",
       "Name of the device"},
      invocation, completions);
  add_row_removal(*noun,
                  {"device", "rm", "Remove devices and their files: all of them or none",
                   "dialtone device rm SEP02D1A1000001 SEP02D1A1000002", "Names of the devices"},
                  invocation, completions);
  add_reset(*noun, invocation, completions);
}

}  // namespace dialtone::cli
