// SPDX-License-Identifier: Apache-2.0
#include "control/cli/command_group.h"
#include "control/cli/commands.h"

namespace dialtone::cli {

void add_load_commands(CLI::App& cli, Invocation& invocation, Completions& completions) {
  CLI::App* noun = add_noun(cli, "loads", "Loads of phones, and the files that belong to them");
  CLI::App* ls = add_verb(*noun, "ls", "List the loads of the asset folder",
                          "dialtone loads ls --assert 'loads > 0'");
  CLI::App* check =
      add_verb(*noun, "check", "Is all there that loads list, and each load that phones ask for?",
               "dialtone loads check\n  dialtone loads check sip88xx.14-1-1");
  const CLI::Option* name = check->add_option("NAME", "Only this load");
  completions.push_back([=, &invocation]() -> Result<void> {
    if (ls->parsed()) {
      invocation.command = "loads ls";
    } else if (check->parsed()) {
      invocation.command = "loads check";
      put_text(invocation, "name", *name);
    }
    return {};
  });
}

}  // namespace dialtone::cli
