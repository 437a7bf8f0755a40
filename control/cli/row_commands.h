// SPDX-License-Identifier: Apache-2.0
//
// The verbs that change or remove rows with keys: devices, gateways.
#pragma once

#include "control/cli/commands.h"

namespace dialtone::cli {

struct RowVerb {
  const char* noun;  // "device"
  const char* word;  // "set"
  const char* what;
  const char* examples;
  const char* name;  // what NAME is
};

// NAME KEY=VALUE...
void add_row_change(CLI::App& noun, const RowVerb& row, Invocation& invocation,
                    Completions& completions);
// NAME...
void add_row_removal(CLI::App& noun, const RowVerb& row, Invocation& invocation,
                     Completions& completions);

}  // namespace dialtone::cli
