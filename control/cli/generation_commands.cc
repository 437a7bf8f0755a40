// SPDX-License-Identifier: Apache-2.0
#include "control/cli/command_group.h"
#include "control/cli/commands.h"

namespace dialtone::cli {
namespace {

// A `const` text is a description; any other is what CLI11 would write the value to.
const CLI::Option* add_number(CLI::App& verb, const char* name, const std::string& what) {
  return verb.add_option(name, what)->check(CLI::Range(1, 1'000'000'000));
}

void put_number(Invocation& invocation, const char* key, const CLI::Option& option) {
  if (option.count() != 0) {
    invocation.arguments[key] = option.as<std::uint64_t>();
  }
}

}  // namespace

void add_generation_commands(CLI::App& cli, Invocation& invocation, Completions& completions) {
  CLI::App* list = add_verb(cli, "generations", "The published generations that are kept",
                            "dialtone generations");
  CLI::App* check = add_verb(
      cli, "check", "Render every file and say what is wrong; publish nothing", "dialtone check");
  CLI::App* diff =
      add_verb(cli, "diff", "Files that differ between two generations",
               "dialtone diff            # what is served, and what a build would give\n"
               "  dialtone diff 41         # generation 41, and what is served\n"
               "  dialtone diff 41 42");
  const CLI::Option* from = add_number(*diff, "A", "The older one; none: what is served");
  const CLI::Option* to =
      add_number(*diff, "B", "The newer one; none: what is served, or without A the next build");
  CLI::App* publish = add_verb(cli, "publish", "Serve the newest files, and end a rollback",
                               "dialtone publish\n"
                               "  dialtone publish 42      # this generation, as rollback does");
  const CLI::Option* chosen = add_number(*publish, "N", "A kept generation instead");
  const CLI::Option* publish_no_wait = add_no_wait(*publish);
  CLI::App* rollback =
      add_verb(cli, "rollback", "Serve a kept generation again, until 'dialtone publish'",
               "dialtone rollback\n"
               "  dialtone rollback 41");
  const CLI::Option* back =
      add_number(*rollback, "N", "Which; none: the one before what is served");
  const CLI::Option* rollback_no_wait = add_no_wait(*rollback);
  completions.push_back([=, &invocation]() -> Result<void> {
    if (list->parsed()) {
      invocation.command = "generations";
    } else if (check->parsed()) {
      invocation.command = "check";
      invocation.patience = kLongPatience;
    } else if (diff->parsed()) {
      invocation.command = "diff";
      invocation.patience = kLongPatience;
      put_number(invocation, "from", *from);
      put_number(invocation, "to", *to);
    } else if (publish->parsed()) {
      invocation.command = "publish";
      invocation.patience = kLongPatience;
      put_number(invocation, "generation", *chosen);
      put_wait(invocation, *publish_no_wait);
    } else if (rollback->parsed()) {
      invocation.command = "rollback";
      invocation.patience = kLongPatience;
      put_number(invocation, "generation", *back);
      put_wait(invocation, *rollback_no_wait);
    }
    return {};
  });
}

}  // namespace dialtone::cli
