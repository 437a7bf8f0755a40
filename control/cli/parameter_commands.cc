// SPDX-License-Identifier: Apache-2.0
#include "control/cli/command_group.h"
#include "control/cli/commands.h"

namespace dialtone::cli {

void add_parameter_commands(CLI::App& cli, Invocation& invocation, Completions& completions) {
  CLI::App* noun = add_noun(cli, "param", "Service parameters");
  CLI::App* ls = add_verb(*noun, "ls", "List parameters, their values and defaults",
                          "dialtone param ls\n  dialtone --profile cm3 param ls");
  CLI::App* set = add_verb(*noun, "set", "Set a parameter and build what it changes",
                           "dialtone param set build-cnf all\n"
                           "  dialtone --profile cm3 param set BuildCNFFlag False --dry-run");
  CLI::App* unset =
      add_verb(*noun, "unset", "Go back to the default", "dialtone param unset build-cnf");
  const CLI::Option* profile = cli.get_option("--profile");
  const CLI::Option* name = set->add_option("NAME", "Name of the parameter")->required();
  const CLI::Option* value = set->add_option("VALUE", "Its value")->required();
  const CLI::Option* dry_run =
      add_switch(*set, "--dry-run", "Say what would be wrong; change nothing");
  const CLI::Option* set_no_wait = add_no_wait(*set);
  const CLI::Option* unset_name = unset->add_option("NAME", "Name of the parameter")->required();
  const CLI::Option* unset_no_wait = add_no_wait(*unset);
  completions.push_back([=, &invocation]() -> Result<void> {
    if (!noun->parsed()) {
      return {};
    }
    put_text(invocation, "profile", *profile);
    if (ls->parsed()) {
      invocation.command = "param ls";
    } else if (set->parsed()) {
      invocation.command = "param set";
      put_text(invocation, "name", *name);
      put_text(invocation, "value", *value);
      if (dry_run->count() != 0) {
        invocation.arguments["dry_run"] = true;
      }
      put_wait(invocation, *set_no_wait);
      invocation.patience = kLongPatience;
    } else if (unset->parsed()) {
      invocation.command = "param unset";
      put_text(invocation, "name", *unset_name);
      put_wait(invocation, *unset_no_wait);
      invocation.patience = kLongPatience;
    }
    return {};
  });
}

}  // namespace dialtone::cli
