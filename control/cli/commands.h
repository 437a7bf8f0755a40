// SPDX-License-Identifier: Apache-2.0
//
// Nouns and verbs: their options, help and examples, and how they become a request. Cold; the main
// thread.
#pragma once

#include "control/cli/invocation.h"
#include "dataplane/base/result.h"

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace dialtone::cli {

// What is left to do when the whole command line has been read: checks that CLI11 does not know.
struct Completions {
  // Each belongs to one verb, and does nothing when that verb was not given.
  std::vector<std::function<Result<void>()>> all{};
  // Options with a free text, or whose naming nothing takes something away; any other one is not to
  // be given empty.
  std::set<const CLI::Option*> may_be_empty{};

  void push_back(std::function<Result<void>()> completion) { all.push_back(std::move(completion)); }
};

// `invocation` must outlive `cli` and the completions.
Completions add_commands(CLI::App& cli, Invocation& invocation);

// The parts of it.
void add_file_commands(CLI::App& cli, Invocation& invocation, Completions& completions);
void add_generation_commands(CLI::App& cli, Invocation& invocation, Completions& completions);
void add_device_commands(CLI::App& cli, Invocation& invocation, Completions& completions);
void add_model_commands(CLI::App& cli, Invocation& invocation, Completions& completions);
void add_load_commands(CLI::App& cli, Invocation& invocation, Completions& completions);
void add_parameter_commands(CLI::App& cli, Invocation& invocation, Completions& completions);
void add_explain_command(CLI::App& cli, Invocation& invocation, Completions& completions);
void add_change_commands(CLI::App& cli, Invocation& invocation, Completions& completions);
void add_import_commands(CLI::App& cli, Invocation& invocation, Completions& completions);
void add_backup_commands(CLI::App& cli, Invocation& invocation, Completions& completions);
void add_em_commands(CLI::App& cli, Invocation& invocation, Completions& completions);
void add_export_commands(CLI::App& cli, Invocation& invocation, Completions& completions);
void add_gateway_commands(CLI::App& cli, Invocation& invocation, Completions& completions);
void add_service_commands(CLI::App& cli, Invocation& invocation, Completions& completions);
void add_phone_file_commands(CLI::App& cli, Invocation& invocation, Completions& completions);

// "NAME=VALUE" as its two sides: an object of text, each name once. The name ends at the first '=',
// or with kLast at the last one. A word without '=' or with nothing before it is kUsage.
enum class Split { kFirst, kLast };
Result<api::Json> read_pairs(const std::vector<std::string>& words, const char* shape, Split split);

}  // namespace dialtone::cli
