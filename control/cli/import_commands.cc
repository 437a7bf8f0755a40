// SPDX-License-Identifier: Apache-2.0
#include "control/cli/command_group.h"
#include "control/cli/commands.h"

#include <filesystem>
#include <system_error>

namespace dialtone::cli {
namespace {

struct ImportOptions {
  CLI::App* verb;
  const CLI::Option* file;
  const CLI::Option* check;
  const CLI::Option* no_wait;
};

const CLI::Option* add_check(CLI::App& verb) {
  return add_switch(verb, "--check", "Say what is wrong and what would change; change nothing");
}

ImportOptions add_import(CLI::App& noun, const char* word, const char* what, const char* examples) {
  CLI::App* verb = add_verb(noun, word, what, examples);
  return {verb, verb->add_option("FILE", "File to import; - is standard input")->required(),
          add_check(*verb), add_no_wait(*verb)};
}

void put_import(Invocation& invocation, const ImportOptions& options) {
  put_file(invocation, *options.file);
  if (options.check->count() != 0) {
    invocation.arguments["check"] = true;
  }
  put_wait(invocation, *options.no_wait);
  invocation.patience = kUntilItEnds;
}

struct FolderOptions {
  ImportOptions import;
  const CLI::Option* remap;
  const CLI::Option* root;
};

FolderOptions add_folder(CLI::App& noun) {
  CLI::App* verb = add_verb(
      noun, "dir", "Import the folder of another TFTP server, under the names that clients ask for",
      "dialtone import dir /srv/tftp --check\n"
      "  dialtone import dir /srv/tftp --remap /etc/tftpd.remap\n"
      "  dialtone import dir old-copy --remap tftpd.remap --root /tftpboot");
  return {{verb, verb->add_option("FOLDER", "The folder that it serves")->required(),
           add_check(*verb), add_no_wait(*verb)},
          verb->add_option("--remap", "Its rules (in.tftpd -m); - is standard input")
              ->type_name("FILE"),
          verb->add_option("--root", "What the rules call the folder, when it is a copy")
              ->type_name("PATH")};
}

std::string without_slash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) {
    path.pop_back();
  }
  return path;
}

void put_folder(Invocation& invocation, const FolderOptions& options) {
  invocation.command = "import dir";
  put_import(invocation, options.import);
  invocation.file.reset();
  const std::string folder = without_slash(options.import.file->results().front());
  invocation.arguments["file"] = printable(folder);
  std::error_code error;
  invocation.arguments["root"] =
      without_slash(options.root->count() != 0
                        ? options.root->results().front()
                        : std::filesystem::absolute(folder, error).lexically_normal().string());
  invocation.sources.emplace();
  invocation.sources->paths = {folder};
  invocation.sources->is_server = true;
  if (options.remap->count() != 0) {
    invocation.sources->remap = options.remap->results().front();
    invocation.arguments["remap_file"] =
        invocation.sources->remap == "-" ? "<stdin>" : printable(invocation.sources->remap);
  }
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
  const FolderOptions folder = add_folder(*noun);
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
    } else if (folder.import.verb->parsed()) {
      put_folder(invocation, folder);
    } else if (json.verb->parsed()) {
      invocation.command = "import json";
      put_import(invocation, json);
    }
    return {};
  });
}

}  // namespace dialtone::cli
