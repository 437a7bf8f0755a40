// SPDX-License-Identifier: Apache-2.0
#include "control/cli/command_group.h"
#include "control/cli/commands.h"

namespace dialtone::cli {

void add_em_commands(CLI::App& cli, Invocation& invocation, Completions& completions) {
  CLI::App* noun = add_noun(cli, "em", "Extension Mobility: users' device profiles on phones");
  CLI::App* ls =
      add_verb(*noun, "ls", "List device profiles, and where each is logged in", "dialtone em ls");
  CLI::App* login = add_verb(*noun, "login", "Give a phone the lines and names of a profile",
                             "dialtone em login SEP001122334455 profile=jo");
  CLI::App* logout = add_verb(*noun, "logout", "Give a phone its own lines and names back",
                              "dialtone em logout SEP001122334455");
  const CLI::Option* in_name = login->add_option("NAME", "Name of the device")->required();
  const CLI::Option* profile =
      login->add_option("profile=PROFILE", "Name of the device profile")->required();
  const CLI::Option* in_no_wait = add_no_wait(*login);
  const CLI::Option* out_name = logout->add_option("NAME", "Name of the device")->required();
  const CLI::Option* out_no_wait = add_no_wait(*logout);
  completions.push_back([=, &invocation]() -> Result<void> {
    if (ls->parsed()) {
      invocation.command = "em ls";
    } else if (login->parsed()) {
      auto pairs = read_pairs(profile->results(), "profile=NAME", Split::kFirst);
      if (!pairs) {
        return pairs.error();
      }
      if (!pairs->contains("profile")) {
        return usage("'" + printable(profile->results().front()) + "' is not profile=NAME");
      }
      invocation.command = "em login";
      put_text(invocation, "name", *in_name);
      invocation.arguments["profile"] = (*pairs)["profile"];
      put_wait(invocation, *in_no_wait);
    } else if (logout->parsed()) {
      invocation.command = "em logout";
      put_text(invocation, "name", *out_name);
      put_wait(invocation, *out_no_wait);
    }
    return {};
  });
}

}  // namespace dialtone::cli
