// SPDX-License-Identifier: Apache-2.0
//
// How commands of dialtone-emu begin and end: claims, errors, a person who stops them. Cold.
#pragma once

#include "control/assertion/assertion.h"
#include "dataplane/base/result.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>

namespace dialtone::emu {

// Says it on standard error; the exit code.
int fail(const Error& error);

// Nothing: nobody claims anything.
Result<std::optional<assertion::Assertion>> parse_claim(const std::string& text);

// The exit code: 0, or 4 when it is not as claimed.
int judge(const std::optional<assertion::Assertion>& claim, const nlohmann::json& document);

// As this process was started, for who wants to do it again.
std::string command_line();

// One line on standard output.
void print_json(const nlohmann::json& document);

// SIGINT and SIGTERM end a run from then on, and what there is of it is still reported.
void let_signals_cancel();
bool is_cancelled() noexcept;

}  // namespace dialtone::emu
