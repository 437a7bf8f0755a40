// SPDX-License-Identifier: Apache-2.0
#include "control/cli/command_group.h"
#include "control/cli/commands.h"

namespace dialtone::cli {

void add_change_commands(CLI::App& cli, Invocation& invocation, Completions& completions) {
  CLI::App* noun = add_noun(cli, "change", "What became of changes");
  CLI::App* trace = add_verb(*noun, "trace", "The steps of a change, from its row to a phone",
                             "dialtone change trace\n"
                             "  dialtone change trace 1042 --assert 'steps == 6 && ok'");
  const CLI::Option* id =
      trace->add_option("ID",
                        "The number of a row of the change log, as 'dialtone change ls' has "
                        "it; none, or last: the newest change");
  CLI::App* ls = add_verb(*noun, "ls", "The newest changes", "dialtone change ls");
  CLI::App* served =
      add_verb(cli, "served", "Do clients get the newest files of a device, and did they",
               "dialtone served --device SEP02D1A1000001 --assert 'stale == false'");
  const CLI::Option* device =
      served->add_option("--device", "Name of the device")->type_name("NAME")->required();
  completions.push_back([=, &invocation]() -> Result<void> {
    if (trace->parsed()) {
      invocation.command = "change trace";
      put_text(invocation, "id", *id);
    } else if (ls->parsed()) {
      invocation.command = "change ls";
    } else if (served->parsed()) {
      invocation.command = "served";
      put_text(invocation, "device", *device);
    }
    return {};
  });
}

}  // namespace dialtone::cli
