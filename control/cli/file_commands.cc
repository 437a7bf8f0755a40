// SPDX-License-Identifier: Apache-2.0
//
// files: what is served, and what lies in the asset folder.
#include "control/cli/command_group.h"
#include "control/cli/commands.h"

namespace dialtone::cli {
namespace {

void add_ls(CLI::App& noun, Invocation& invocation, Completions& completions) {
  CLI::App* ls = add_verb(noun, "ls", "List files: name, size, class, origin and age",
                          "dialtone files ls 'sep*'\n"
                          "  dialtone files ls DRhq.xml hq.xml --assert 'count == 2'\n"
                          "  dialtone --json files ls | jq '.result.files[].digest'");
  const CLI::Option* patterns =
      ls->add_option("PATTERN", "Shell patterns of the name, in any case; one has to fit")
          ->expected(0, CLI::detail::expected_max_vector_size)
          ->allow_extra_args();
  const CLI::Option* group = ls->add_option("--group-by", "Count files by this instead: format")
                                 ->type_name("WHAT")
                                 ->check(CLI::IsMember({"format"}));
  const CLI::Option* model =
      ls->add_option("--model", "Only those of devices of these models, as 7941,7960")
          ->type_name("MODELS")
          ->delimiter(',')
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  completions.push_back([=, &invocation]() -> Result<void> {
    if (ls->parsed()) {
      invocation.command = "files ls";
      if (patterns->count() > 1) {
        invocation.arguments["patterns"] = patterns->results();
      } else {
        put_text(invocation, "pattern", *patterns);
      }
      put_text(invocation, "group_by", *group);
      if (model->count() != 0) {
        invocation.arguments["models"] = model->results();
      }
    }
    return {};
  });
}

void add_cat(CLI::App& noun, Invocation& invocation, Completions& completions) {
  CLI::App* cat = add_verb(noun, "cat", "Write a file's content to standard output",
                           "dialtone files cat SEP02D1A1000001.cnf.xml | xmllint --format -");
  CLI::App* verify =
      add_verb(noun, "verify", "Compare a file with a local one, byte for byte; 4: they differ",
               "dialtone files verify term65.default.loads fetched/term65.default.loads");
  const CLI::Option* name =
      cat->add_option("NAME", "Name of the file, as a phone asks for it")->required();
  const CLI::Option* verified =
      verify->add_option("NAME", "Name of the file, as a phone asks for it")->required();
  const CLI::Option* local =
      verify->add_option("LOCALFILE", "What it is compared with; - is standard input")->required();
  completions.push_back([=, &invocation]() -> Result<void> {
    if (cat->parsed()) {
      invocation.command = "files cat";
      invocation.output = "-";
      put_text(invocation, "name", *name);
    } else if (verify->parsed()) {
      invocation.command = "files cat";
      put_text(invocation, "name", *verified);
      invocation.verify_with = local->results().front();
    }
    return {};
  });
}

// "50%" or "50".
Result<std::uint64_t> read_percent(const std::string& text) {
  const std::string digits = text.ends_with('%') ? text.substr(0, text.size() - 1) : text;
  const bool is_number = !digits.empty() && digits.size() <= 3 &&
                         digits.find_first_not_of("0123456789") == std::string::npos;
  if (!is_number || std::stoul(digits) > 100) {
    return usage("--abort-after takes 0% to 100%");
  }
  return std::stoul(digits);
}

void add_put(CLI::App& noun, Invocation& invocation, Completions& completions) {
  CLI::App* verb =
      add_verb(noun, "put", "Lay files into the asset folder, and serve them: all at once or none",
               "dialtone files put Ringlist.xml --note 'new tone'\n"
               "  dialtone files put bell.raw --as Chime.raw\n"
               "  dialtone files put sip88xx.14-1-1.loads *.sbn --set sip88xx.14-1-1\n"
               "  dialtone files put Desktops --as Desktops");
  const CLI::Option* files = add_words(
      *verb, "FILE", "Files, or folders with all that is below them; - is standard input");
  const CLI::Option* name =
      verb->add_option("--as", "Name of the one file, or the folder that all go to")
          ->type_name("NAME");
  const CLI::Option* note =
      verb->add_option("--note", "Why, for files versions")->type_name("TEXT");
  completions.may_be_empty.insert(note);
  const CLI::Option* set =
      verb->add_option("--set", "What they are together, for files versions")->type_name("NAME");
  const CLI::Option* stop =
      verb->add_option("--abort-after",
                       "End after this share of the bytes, to see that it leaves "
                       "nothing behind")
          ->type_name("PERCENT");
  const CLI::Option* no_wait = add_no_wait(*verb);
  completions.push_back([=, &invocation]() -> Result<void> {
    if (!verb->parsed()) {
      return {};
    }
    invocation.command = "files put";
    invocation.sources.emplace();
    invocation.sources->paths = files->results();
    invocation.sources->name = name->count() == 0 ? "" : name->results().front();
    if (stop->count() != 0) {
      const auto percent = read_percent(stop->results().front());
      if (!percent) {
        return percent.error();
      }
      invocation.sources->stop_percent = *percent;
    }
    put_text(invocation, "note", *note);
    put_text(invocation, "set", *set);
    put_wait(invocation, *no_wait);
    invocation.patience = kLongPatience;
    return {};
  });
}

void add_rm(CLI::App& noun, Invocation& invocation, Completions& completions) {
  CLI::App* verb = add_verb(noun, "rm", "Take files out of the asset folder: all of them or none",
                            "dialtone files rm Chime.raw old.loads");
  const CLI::Option* names = add_words(*verb, "NAME", "Names, as phones ask for them");
  const CLI::Option* no_wait = add_no_wait(*verb);
  completions.push_back([=, &invocation]() -> Result<void> {
    if (verb->parsed()) {
      invocation.command = "files rm";
      invocation.arguments["names"] = names->results();
      put_wait(invocation, *no_wait);
      invocation.patience = kLongPatience;
    }
    return {};
  });
}

void add_versions(CLI::App& noun, Invocation& invocation, Completions& completions) {
  CLI::App* versions = add_verb(noun, "versions", "List what a name of the asset folder has had",
                                "dialtone files versions Ringlist.xml");
  const CLI::Option* name = versions->add_option("NAME", "Its name")->required();
  CLI::App* restore = add_verb(noun, "restore", "Put an older version again, as a new one",
                               "dialtone files restore Ringlist.xml 3");
  const CLI::Option* restored = restore->add_option("NAME", "Its name")->required();
  const CLI::Option* version = restore->add_option("VERSION", "Number, as files versions lists it")
                                   ->required()
                                   ->check(CLI::Range(1u, 4'294'967'295u));
  const CLI::Option* no_wait = add_no_wait(*restore);
  completions.push_back([=, &invocation]() -> Result<void> {
    if (versions->parsed()) {
      invocation.command = "files versions";
      put_text(invocation, "name", *name);
    } else if (restore->parsed()) {
      invocation.command = "files restore";
      put_text(invocation, "name", *restored);
      invocation.arguments["version"] = version->as<std::uint64_t>();
      put_wait(invocation, *no_wait);
      invocation.patience = kLongPatience;
    }
    return {};
  });
}

}  // namespace

void add_file_commands(CLI::App& cli, Invocation& invocation, Completions& completions) {
  CLI::App* noun = add_noun(cli, "files", "The files that are served");
  add_ls(*noun, invocation, completions);
  add_cat(*noun, invocation, completions);
  add_put(*noun, invocation, completions);
  add_rm(*noun, invocation, completions);
  add_versions(*noun, invocation, completions);
}

}  // namespace dialtone::cli
