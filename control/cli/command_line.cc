// SPDX-License-Identifier: Apache-2.0
#include "control/cli/command_line.h"

#include "control/cli/commands.h"
#include "control/cli/text.h"
#include "dataplane/base/diagnostic.h"
#include "dataplane/base/printable.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <set>
#include <sstream>
#include <string_view>
#include <vector>

namespace dialtone::cli {
namespace {

constexpr const char* kDefaultSocket = "run/control.sock";

constexpr const char* kFooter =
    "Examples:\n"
    "  dialtone status\n"
    "  dialtone device ls 'SEP02D1*' --pool London\n"
    "  dialtone device set SEP02D1A1000001 description='Björn, room 12'\n"
    "  dialtone import csv phones.csv --check\n"
    "  dialtone files cat SEP02D1A1000001.cnf.xml\n"
    "\n"
    "Exit codes: 0 ok, 1 failed, 2 usage, 3 refused, 4 not as claimed, 5 unreachable, 6 timeout,\n"
    "7 permission.\n"
    "Environment: DIALTONE_SOCKET (as --socket), NO_COLOR (as --color never).";

void add_options(CLI::App& cli, Invocation& invocation) {
  const char* socket = std::getenv("DIALTONE_SOCKET");
  invocation.socket = socket != nullptr && *socket != '\0' ? socket : kDefaultSocket;
  cli.set_version_flag("--version", std::string("dialtone ") + DIALTONE_VERSION,
                       "Print the version and end");
  cli.add_option("--socket", invocation.socket, "Socket of dialtone-control")
      ->capture_default_str()
      ->type_name("PATH");
  cli.add_flag("--json", invocation.json, "Print the reply as one JSON object on one line");
  cli.add_option("--assert", "End with 4 unless this holds of the reply, as 'devices > 0'")
      ->type_name("CLAIM");
  cli.add_option("--expect-error", invocation.expected_error,
                 "End with 0 when the command is refused with this code, else with 4")
      ->type_name("CODE");
  cli.add_option("--profile",
                 "Speak of parameters as this profile does (cm3, cm5, cm9, cm12, cm14)")
      ->type_name("PROFILE")
      ->check(CLI::IsMember({"dialtone", "cm3", "cm5", "cm9", "cm12", "cm14"}));
  cli.add_option("--color", "When to use colour: auto, always or never")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}));
}

ColourMode colour_mode(const CLI::App& cli) {
  const CLI::Option* option = cli.get_option("--color");
  const std::string word = option->count() == 0 ? "auto" : option->as<std::string>();
  return word == "always"  ? ColourMode::kAlways
         : word == "never" ? ColourMode::kNever
                           : ColourMode::kAuto;
}

// The words of the command as far as they were understood: "dialtone device set".
const CLI::App* deepest(const CLI::App* app, std::string& words) {
  words = app->get_name();
  while (!app->get_subcommands().empty()) {
    app = app->get_subcommands().front();
    words += ' ' + app->get_name();
  }
  return app;
}

// Words of CLI11, which quote what may be as long as the kernel lets an argument be.
std::string in_short(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    out += (at == 0 ? "" : " ") + excerpt(text.substr(at, end - at));
    at = end + 1;
  }
  return excerpt(out, 400);
}

// CLI11 says "A subcommand is required" where a noun or verb is mistyped; a person wants to know
// which word it was.
Error explain(const CLI::App& cli, const CLI::ParseError& error) {
  std::string words;
  const CLI::App* app = deepest(&cli, words);
  std::vector<std::string_view> known;
  for (const CLI::App* each : app->get_subcommands(nullptr)) {
    known.push_back(each->get_name());
  }
  const std::vector<std::string> rest = cli.remaining(true);
  std::string text = in_short(error.what());
  if (!known.empty() && !rest.empty() && rest.front().rfind('-', 0) != 0) {
    text = "there is no '" + words + ' ' + excerpt(rest.front()) + '\'';
    if (const std::string near = nearest_word(rest.front(), known); !near.empty()) {
      text += "; did you mean '" + near + "'?";
    }
  } else if (!known.empty() && rest.empty() &&
             dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    text = '\'' + words + "' needs one of:";
    for (std::string_view each : known) {
      text += (each == known.front() ? " " : ", ") + std::string(each);
    }
  }
  return usage(printable(text) + (text.back() == '?' ? " " : "; ") + words +
               " --help shows how it is used");
}

// An empty name chooses nothing, and would be taken for one that was not given: a script whose
// variable is not set would mean all. What must be given has an error of its own.
Result<void> check_empty(const CLI::App& app, const std::string& words,
                         const std::set<const CLI::Option*>& may_be_empty) {
  for (const CLI::Option* option : app.get_options()) {
    const bool is_checked =
        !(option->get_positional() && option->get_required()) && !may_be_empty.contains(option);
    const std::vector<std::string>& given = option->results();
    if (is_checked && std::count(given.begin(), given.end(), "") != 0) {
      return usage(option->get_name() + " '' names nothing; leave it out or give it a value; " +
                   words + " --help shows how it is used");
    }
  }
  for (const CLI::App* each : app.get_subcommands()) {
    DIALTONE_TRY(check_empty(*each, words + ' ' + each->get_name(), may_be_empty));
  }
  return {};
}

// CLI11 takes the word behind "--dialplan=" for its value: NAME of a script that has no value
// there.
Result<void> check_equals(int argc, const char* const* argv) {
  for (int i = 1; i < argc && std::string_view(argv[i]) != "--"; ++i) {
    const std::string_view word = argv[i];
    if (word.starts_with("--") && word.find('=') == word.size() - 1) {
      const std::string option(word.substr(0, word.size() - 1));
      return usage(printable(excerpt(word)) +
                   " has no value behind the '='; leave it out, or write it as '" +
                   printable(excerpt(option)) + " VALUE'");
    }
  }
  return {};
}

// Texts must be UTF-8, as the database's are; half a character would be saved as another one.
Result<void> check_texts(const Invocation& invocation) {
  try {
    (void)invocation.arguments.dump();
  } catch (const api::Json::exception&) {
    return usage("an argument is not UTF-8; use a terminal and a shell with a UTF-8 locale");
  }
  return {};
}

}  // namespace

std::variant<Invocation, Help, Error> parse_command_line(int argc, const char* const* argv) {
  if (auto checked = check_equals(argc, argv); !checked) {
    return checked.error();
  }
  Invocation invocation;
  CLI::App cli("Manages a Dialtone server: devices, files and their state.", "dialtone");
  try {
    cli.set_help_flag("-h,--help", "Print this help and end");
    cli.fallthrough();  // options are known behind the verb too
    cli.require_subcommand(1);
    add_options(cli, invocation);
    const Completions completions = add_commands(cli, invocation);
    cli.footer(kFooter);
    try {
      cli.parse(argc, argv);
    } catch (const CLI::Success& success) {
      std::ostringstream out;
      cli.exit(success, out, out);
      return Help{out.str()};
    } catch (const CLI::ParseError& error) {
      return explain(cli, error);
    }
    if (const auto checked = check_empty(cli, cli.get_name(), completions.may_be_empty); !checked) {
      return checked.error();
    }
    invocation.colour = colour_mode(cli);
    if (const CLI::Option* claim = cli.get_option("--assert"); claim->count() != 0) {
      auto parsed = assertion::Assertion::parse(claim->as<std::string>());
      if (!parsed) {
        return parsed.error();
      }
      invocation.assertion.emplace(*std::move(parsed));
    }
    for (const auto& complete : completions.all) {
      if (auto done = complete(); !done) {
        return done.error();
      }
    }
  } catch (const std::exception& error) {  // a wrong definition of an option: a bug of ours
    return failed(std::string("reading the command line: ") + error.what());
  }
  if (auto checked = check_texts(invocation); !checked) {
    return checked.error();
  }
  return invocation;
}

}  // namespace dialtone::cli
