// SPDX-License-Identifier: Apache-2.0
#include "control/cli/row_commands.h"

#include "control/cli/command_group.h"

#include <string>

namespace dialtone::cli {
namespace {

constexpr const char* kPair = "KEY=VALUE; quote a value with blanks: description='Lobby, left'";

std::string command_of(const RowVerb& row) {
  return std::string(row.noun) + ' ' + row.word;
}

}  // namespace

void add_row_change(CLI::App& noun, const RowVerb& row, Invocation& invocation,
                    Completions& completions) {
  CLI::App* verb = add_verb(noun, row.word, row.what, row.examples);
  const CLI::Option* name = verb->add_option("NAME", row.name)->required();
  const CLI::Option* pairs = add_words(
      *verb, "KEY=VALUE",
      "Keys as " + std::string(row.noun) + " show prints them; an empty value clears one");
  const CLI::Option* no_wait = add_no_wait(*verb);
  completions.push_back([=, &invocation]() -> Result<void> {
    if (!verb->parsed()) {
      return {};
    }
    auto set = read_pairs(pairs->results(), kPair, Split::kFirst);
    if (!set) {
      return set.error();
    }
    invocation.command = command_of(row);
    put_text(invocation, "name", *name);
    invocation.arguments["set"] = *std::move(set);
    put_wait(invocation, *no_wait);
    return {};
  });
}

void add_row_removal(CLI::App& noun, const RowVerb& row, Invocation& invocation,
                     Completions& completions) {
  CLI::App* verb = add_verb(noun, row.word, row.what, row.examples);
  const CLI::Option* names = add_words(*verb, "NAME", row.name);
  const CLI::Option* no_wait = add_no_wait(*verb);
  completions.push_back([=, &invocation]() -> Result<void> {
    if (verb->parsed()) {
      invocation.command = command_of(row);
      invocation.arguments["names"] = names->results();
      put_wait(invocation, *no_wait);
    }
    return {};
  });
}

}  // namespace dialtone::cli
