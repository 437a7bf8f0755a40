// SPDX-License-Identifier: Apache-2.0
#include "control/cli/command_group.h"
#include "control/cli/commands.h"

namespace dialtone::cli {
namespace {

constexpr const char* kPair = "KEY=VALUE; quote a value with blanks: description='Lobby, left'";

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

void add_change(CLI::App& noun, const char* word, const char* what, const char* examples,
                Invocation& invocation, Completions& completions) {
  CLI::App* verb = add_verb(noun, word, what, examples);
  const CLI::Option* name = verb->add_option("NAME", "Name of the device")->required();
  const CLI::Option* pairs =
      add_words(*verb, "KEY=VALUE", "Keys as device show prints them; an empty value clears one");
  const CLI::Option* no_wait = add_no_wait(*verb);
  completions.push_back([=, &invocation]() -> Result<void> {
    if (!verb->parsed()) {
      return {};
    }
    auto set = read_pairs(pairs->results(), kPair, Split::kFirst);
    if (!set) {
      return set.error();
    }
    invocation.command = std::string("device ") + word;
    put_text(invocation, "name", *name);
    invocation.arguments["set"] = *std::move(set);
    put_wait(invocation, *no_wait);
    return {};
  });
}

void add_remove(CLI::App& noun, Invocation& invocation, Completions& completions) {
  CLI::App* verb = add_verb(noun, "rm", "Remove devices and their files: all of them or none",
                            "dialtone device rm SEP02D1A1000001 SEP02D1A1000002");
  const CLI::Option* names = add_words(*verb, "NAME", "Names of the devices");
  const CLI::Option* no_wait = add_no_wait(*verb);
  completions.push_back([=, &invocation]() -> Result<void> {
    if (verb->parsed()) {
      invocation.command = "device rm";
      invocation.arguments["names"] = names->results();
      put_wait(invocation, *no_wait);
    }
    return {};
  });
}

}  // namespace

void add_device_commands(CLI::App& cli, Invocation& invocation, Completions& completions) {
  CLI::App* noun = add_noun(cli, "device", "The devices of the database");
  add_list(*noun, invocation, completions);
  add_show(*noun, invocation, completions);
  add_change(*noun, "set", "Change keys of a device",
             "dialtone device set SEP02D1A1000001 description='Björn, room 12' pool=London",
             invocation, completions);
  add_change(*noun, "add", "Add a device",
             "dialtone device add SEP02D1A1000009 model='Cisco 8845' pool=London line1.dn=4009",
             invocation, completions);
  add_remove(*noun, invocation, completions);
}

}  // namespace dialtone::cli
