// SPDX-License-Identifier: Apache-2.0
//
// dialplan, softkey and featurepolicy: the same verbs for the three.
#include "control/cli/command_group.h"
#include "control/cli/commands.h"

namespace dialtone::cli {
namespace {

struct Noun {
  const char* word;
  const char* what;
  const char* ls;
  const char* name;     // of an example
  const char* file;     // likewise
  const char* content;  // of FILE
};
constexpr Noun kNouns[] = {
    {"dialplan", "Dial plans: DR<name>.xml and <name>.xml of SIP phones", "List dial plans", "hq",
     "rules.xml", "a dialTemplate"},
    {"softkey", "Softkey templates: SK<name>.xml", "List softkey templates", "std", "keys.xml",
     "a softKeyCfg"},
    {"featurepolicy", "Feature policies: <name>FP.xml", "List feature policies", "std",
     "features.xml", "a featurePolicy"},
};

std::string example(const Noun& noun, const std::string& rest) {
  return std::string("dialtone ") + noun.word + " " + rest;
}

void add_ls(CLI::App& parent, const Noun& noun, Invocation& invocation, Completions& completions) {
  CLI::App* verb =
      add_verb(parent, "ls", noun.ls,
               example(noun, "ls") + "\n  " + example(noun, "ls --assert 'orphans == 0'"));
  completions.push_back([verb, &noun, &invocation]() -> Result<void> {
    if (verb->parsed()) {
      invocation.command = std::string(noun.word) + " ls";
    }
    return {};
  });
}

void add_show(CLI::App& parent, const Noun& noun, Invocation& invocation,
              Completions& completions) {
  CLI::App* verb = add_verb(parent, "show", "Show one as JSON, as set takes it",
                            example(noun, std::string("show ") + noun.name));
  const CLI::Option* name = verb->add_option("NAME", "Its name")->required();
  completions.push_back([=, &noun, &invocation]() -> Result<void> {
    if (verb->parsed()) {
      invocation.command = std::string(noun.word) + " show";
      put_text(invocation, "name", *name);
    }
    return {};
  });
}

void add_set(CLI::App& parent, const Noun& noun, Invocation& invocation, Completions& completions) {
  const std::string set = std::string("set ") + noun.name + " ";
  CLI::App* verb = add_verb(parent, "set", "Make one what a file says, or add it",
                            example(noun, set + noun.file + " --dry-run") + "\n  " +
                                example(noun, std::string("show ") + noun.name) + " | " +
                                example(noun, "set copy -"));
  const CLI::Option* name = verb->add_option("NAME", "Its name")->required();
  const CLI::Option* file = verb->add_option("FILE")
                                ->description(std::string("JSON, or ") + noun.content +
                                              " in XML as phones get it; - is standard input")
                                ->required();
  const CLI::Option* dry_run =
      add_switch(*verb, "--dry-run", "List the files that would differ; change nothing");
  const CLI::Option* no_wait = add_no_wait(*verb);
  completions.push_back([=, &noun, &invocation]() -> Result<void> {
    if (verb->parsed()) {
      invocation.command = std::string(noun.word) + " set";
      put_text(invocation, "name", *name);
      put_file(invocation, *file);
      if (dry_run->count() != 0) {
        invocation.arguments["dry_run"] = true;
      }
      put_wait(invocation, *no_wait);
      invocation.patience = kLongPatience;
    }
    return {};
  });
}

void add_rm(CLI::App& parent, const Noun& noun, Invocation& invocation, Completions& completions) {
  CLI::App* verb = add_verb(parent, "rm", "Remove one that nothing uses, with its files",
                            example(noun, std::string("rm ") + noun.name));
  const CLI::Option* name = verb->add_option("NAME", "Its name")->required();
  const CLI::Option* no_wait = add_no_wait(*verb);
  completions.push_back([=, &noun, &invocation]() -> Result<void> {
    if (verb->parsed()) {
      invocation.command = std::string(noun.word) + " rm";
      put_text(invocation, "name", *name);
      put_wait(invocation, *no_wait);
    }
    return {};
  });
}

}  // namespace

void add_phone_file_commands(CLI::App& cli, Invocation& invocation, Completions& completions) {
  for (const Noun& noun : kNouns) {
    CLI::App* parent = add_noun(cli, noun.word, noun.what);
    add_ls(*parent, noun, invocation, completions);
    add_show(*parent, noun, invocation, completions);
    add_set(*parent, noun, invocation, completions);
    add_rm(*parent, noun, invocation, completions);
  }
}

}  // namespace dialtone::cli
