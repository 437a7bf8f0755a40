// SPDX-License-Identifier: Apache-2.0
//
// What the definitions of all commands share. Private to the .cc files that define them, since it
// includes CLI11. CLI11's exceptions pass through; parse_command_line contains them.
#pragma once

#include "control/cli/invocation.h"
#include "control/cli/text.h"

#include <CLI/CLI.hpp>

#include <chrono>
#include <string>

namespace dialtone::cli {

// For what may render every device anew.
inline constexpr std::chrono::seconds kLongPatience{600};
// For what is undone when nobody waits for it any more, and says meanwhile how far it is.
inline constexpr std::chrono::seconds kUntilItEnds{0};

inline CLI::App* add_noun(CLI::App& parent, const char* name, const char* what) {
  CLI::App* noun = parent.add_subcommand(name, what);
  noun->require_subcommand(1);
  noun->footer(std::string("'dialtone ") + name + " VERB --help' has examples.");
  return noun;
}

inline CLI::App* add_verb(CLI::App& parent, const char* name, const char* what,
                          const std::string& examples) {
  CLI::App* verb = parent.add_subcommand(name, what);
  verb->require_subcommand(0);
  verb->footer("Example:\n  " + examples +
               "\n\n--socket, --json and --color may stand here too: see dialtone --help.");
  return verb;
}

inline const CLI::Option* add_switch(CLI::App& verb, const char* name, const char* what) {
  return verb.add_flag(name)->description(what);
}

// One or more words.
inline const CLI::Option* add_words(CLI::App& verb, const char* name, const std::string& what) {
  return verb.add_option(name, what)
      ->required()
      ->expected(1, CLI::detail::expected_max_vector_size)
      ->allow_extra_args();
}

// --wait is what happens anyway, for scripts that say it.
inline const CLI::Option* add_no_wait(CLI::App& verb) {
  CLI::Option* wait = verb.add_flag("--wait")->description(
      "Wait until the dataplane serves the change: the default");
  return verb.add_flag("--no-wait")
      ->description("Do not wait until the dataplane serves the change")
      ->excludes(wait);
}

inline void put_wait(Invocation& invocation, const CLI::Option& no_wait) {
  if (no_wait.count() != 0) {
    invocation.arguments["wait"] = false;
  }
}

// The content of FILE goes along; its name is for messages alone, and may have any bytes.
inline void put_file(Invocation& invocation, const CLI::Option& option) {
  const std::string file = option.results().front();
  invocation.file = file;
  invocation.arguments["file"] = file == "-" ? "<stdin>" : printable(file);
}

// An option that was not given leaves no argument behind.
inline void put_text(Invocation& invocation, const char* key, const CLI::Option& option) {
  if (option.count() != 0) {
    invocation.arguments[key] = option.results().front();
  }
}

}  // namespace dialtone::cli
