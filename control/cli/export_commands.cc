// SPDX-License-Identifier: Apache-2.0
#include "control/cli/command_group.h"
#include "control/cli/commands.h"

namespace dialtone::cli {
namespace {

void add_export(CLI::App& noun, const char* word, const char* what, const char* examples,
                Invocation& invocation, Completions& completions) {
  CLI::App* verb = add_verb(noun, word, what, examples);
  const CLI::Option* file = verb->add_option("FILE", "File to write; - or none is standard output");
  completions.push_back([=, &invocation]() -> Result<void> {
    if (verb->parsed()) {
      invocation.command = std::string("export ") + word;
      invocation.output = file->count() != 0 ? file->results().front() : "-";
      invocation.patience = kLongPatience;
    }
    return {};
  });
}

}  // namespace

void add_export_commands(CLI::App& cli, Invocation& invocation, Completions& completions) {
  CLI::App* noun = add_noun(cli, "export", "Write what is in the database, as import takes it");
  add_export(*noun, "csv", "Write all devices, a line each", "dialtone export csv phones.csv",
             invocation, completions);
  add_export(*noun, "json", "Write what phones share: pools, groups, profiles, parameters",
             "dialtone export json campus.json\n"
             "  dialtone export json | dialtone --socket other.sock import json -",
             invocation, completions);
}

}  // namespace dialtone::cli
