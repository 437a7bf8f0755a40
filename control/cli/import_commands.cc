// SPDX-License-Identifier: Apache-2.0
#include "control/cli/command_group.h"
#include "control/cli/commands.h"

namespace dialtone::cli {
namespace {

struct ImportOptions {
  CLI::App* verb;
  const CLI::Option* file;
  const CLI::Option* check;
  const CLI::Option* no_wait;
};

ImportOptions add_import(CLI::App& noun, const char* word, const char* what, const char* examples) {
  CLI::App* verb = add_verb(noun, word, what, examples);
  return {verb, verb->add_option("FILE", "File to import; - is standard input")->required(),
          add_switch(*verb, "--check", "Say what is wrong and what would change; change nothing"),
          add_no_wait(*verb)};
}

void put_import(Invocation& invocation, const ImportOptions& options) {
  put_file(invocation, *options.file);
  if (options.check->count() != 0) {
    invocation.arguments["check"] = true;
  }
  put_wait(invocation, *options.no_wait);
  invocation.patience = kLongPatience;
}

}  // namespace

void add_import_commands(CLI::App& cli, Invocation& invocation, Completions& completions) {
  CLI::App* noun = add_noun(cli, "import", "Add and update rows from a file: all of them or none");
  const ImportOptions csv =
      add_import(*noun, "csv", "Import devices from a table with a line of column names",
                 "dialtone import csv phones.csv --check\n"
                 "  dialtone import csv bat.csv --map 'MAC ADDRESS=name' "
                 "--map 'NOTES='\n"
                 "  mysql-export | dialtone import csv -");
  // One COLUMN=KEY for each --map: FILE may follow it.
  const CLI::Option* map = csv.verb->add_option("--map", "A column and its key; no key: ignore it")
                               ->type_name("COLUMN=KEY")
                               ->expected(1)
                               ->allow_extra_args(false)
                               ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  const ImportOptions json =
      add_import(*noun, "json", "Import what phones share: pools, groups, profiles, parameters",
                 "dialtone import json campus.json");
  completions.push_back([=, &invocation]() -> Result<void> {
    if (csv.verb->parsed()) {
      invocation.command = "import csv";
      put_import(invocation, csv);
      if (map->count() != 0) {
        auto pairs = read_pairs(map->results(), "COLUMN=KEY", Split::kLast);
        if (!pairs) {
          return pairs.error();
        }
        invocation.arguments["map"] = *std::move(pairs);
      }
    } else if (json.verb->parsed()) {
      invocation.command = "import json";
      put_import(invocation, json);
    }
    return {};
  });
}

}  // namespace dialtone::cli
