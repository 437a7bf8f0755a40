// SPDX-License-Identifier: Apache-2.0
#include "control/cli/command_group.h"
#include "control/cli/commands.h"

namespace dialtone::cli {

void add_explain_command(CLI::App& cli, Invocation& invocation, Completions& completions) {
  CLI::App* verb =
      add_verb(cli, "explain", "What a phone gets that asks for a file, from where, and why",
               "dialtone explain SEP02D1A1000001.cnf.xml\n"
               "  dialtone --profile cm9 explain RINGLIST.XML\n"
               "  dialtone explain nosuch.xml --assert 'answer == \"not-found\"'");
  const CLI::Option* profile = cli.get_option("--profile");
  const CLI::Option* name =
      verb->add_option("FILE", "Name of the file, as a phone asks for it")->required();
  const CLI::Option* device =
      verb->add_option("--device", "The device that asks, where the name does not say so")
          ->type_name("NAME");
  const CLI::Option* client =
      verb->add_option("--client", "As a client of this address is answered")->type_name("ADDRESS");
  completions.push_back([=, &invocation]() -> Result<void> {
    if (verb->parsed()) {
      invocation.command = "explain";
      put_text(invocation, "name", *name);
      put_text(invocation, "device", *device);
      put_text(invocation, "client", *client);
      put_text(invocation, "profile", *profile);
    }
    return {};
  });
}

}  // namespace dialtone::cli
