// SPDX-License-Identifier: Apache-2.0
#include "control/cli/command_group.h"
#include "control/cli/commands.h"

#include <ctime>

namespace dialtone::cli {
namespace {

// A backup of the state that a restore replaces lies beside what it restores.
std::string name_of_before(const std::string& file) {
  char text[32];
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  std::strftime(text, sizeof(text), ".before-%Y%m%dT%H%M%SZ", &utc);
  return file + text;
}

}  // namespace

void add_backup_commands(CLI::App& cli, Invocation& invocation, Completions& completions) {
  CLI::App* backup = add_verb(cli, "backup", "Write database, assets and configuration to one file",
                              "dialtone backup campus.tar && tar tf campus.tar");
  const CLI::Option* to = backup->add_option("FILE", "Archive to write")->required();
  CLI::App* restore =
      add_verb(cli, "restore", "Bring back what a backup has, all of it or nothing",
               "dialtone restore campus.tar --check\n  dialtone restore campus.tar");
  const CLI::Option* from =
      restore->add_option("FILE", "Archive that backup has written")->required();
  const CLI::Option* check = add_switch(*restore, "--check", "Say what is wrong; change nothing");
  const CLI::Option* config = add_switch(
      *restore, "--config", "The configuration file too; it is in force after a restart");
  const CLI::Option* before =
      restore->add_option("--before", "Where the state before is kept (FILE.before-TIME)")
          ->type_name("FILE");
  const CLI::Option* no_wait = add_no_wait(*restore);
  completions.push_back([=, &invocation]() -> Result<void> {
    if (backup->parsed()) {
      invocation.command = "backup";
      invocation.new_archive = to->results().front();
    } else if (restore->parsed()) {
      const std::string file = from->results().front();
      invocation.command = "restore";
      invocation.archive = file;
      invocation.arguments["file"] = printable(file);
      if (check->count() != 0) {
        invocation.arguments["check"] = true;
      } else {
        invocation.new_archive =
            before->count() != 0 ? before->results().front() : name_of_before(file);
      }
      if (config->count() != 0) {
        invocation.arguments["config"] = true;
      }
      put_wait(invocation, *no_wait);
    }
    if (backup->parsed() || restore->parsed()) {
      invocation.patience = kLongPatience;
    }
    return {};
  });
}

}  // namespace dialtone::cli
