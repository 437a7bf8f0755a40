// SPDX-License-Identifier: Apache-2.0
#include "control/cli/run.h"

#include "control/cli/ask.h"
#include "control/cli/await_refetch.h"
#include "control/cli/await_service.h"
#include "control/cli/command_line.h"
#include "control/cli/complain.h"
#include "control/cli/dhcp_commands.h"
#include "control/cli/fields.h"
#include "control/cli/follow.h"
#include "control/cli/progress.h"
#include "control/cli/show.h"

#include <unistd.h>

#include <string_view>
#include <thread>
#include <utility>
#include <variant>

namespace dialtone::cli {
namespace {

using api::Json;

// The command line was not understood, so nobody knows whether --json was one of its options.
bool wants_json(int argc, const char* const* argv) {
  for (int i = 1; i < argc && std::string_view(argv[i]) != "--"; ++i) {
    if (std::string_view(argv[i]) == "--json") {
      return true;
    }
  }
  return false;
}

// A mark of this process's own, that goes with the reading behind the time.
Result<void> wait_for_delta(Invocation& asked, const Terminal& terminal) {
  const std::string name = "delta of process " + std::to_string(::getpid());
  Invocation first = asked;
  first.arguments = {{"mark", name}};
  const auto reply = ask(first, terminal);
  if (!reply || !reply->ok) {
    return reply ? reply->error : reply.error();
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(asked.delta_ms));
  asked.arguments["since"] = name;
  asked.arguments["forget"] = true;
  return {};
}

// What the order that was given comes to, with one line for all the looks at it.
Result<api::Reply> await(const Invocation& invocation, api::Reply reply, const Terminal& terminal) {
  const Progress line(terminal.err, invocation.command, {});
  const Ask look = [&](const Invocation& asked) { return ask(asked, terminal, Line::kNone); };
  return invocation.awaited ? await_service(invocation, std::move(reply), look)
                            : await_refetch(invocation, std::move(reply), look);
}

}  // namespace

int run(int argc, const char* const* argv, const Terminal& terminal,
        std::optional<std::chrono::milliseconds> patience) {
  auto parsed = parse_command_line(argc, argv);
  if (const auto* error = std::get_if<Error>(&parsed)) {
    return fail(terminal, *error, wants_json(argc, argv), ColourMode::kAuto);
  }
  if (const auto* help = std::get_if<Help>(&parsed)) {
    const auto written = write_all(terminal.out, help->text);
    return written ? 0 : fail(terminal, written.error(), false, ColourMode::kAuto);
  }
  auto& invocation = std::get<Invocation>(parsed);
  invocation.patience = patience.value_or(invocation.patience);
  if (invocation.delta_ms != 0) {
    if (const auto waited = wait_for_delta(invocation, terminal); !waited) {
      return fail(terminal, waited.error(), invocation.json, invocation.colour);
    }
  }
  auto reply =
      is_dhcp_command(invocation) ? run_dhcp(invocation, terminal) : ask(invocation, terminal);
  if (!reply) {
    return fail(terminal, reply.error(), invocation.json, invocation.colour);
  }
  if (reply->ok && (invocation.awaited || invocation.refetch_patience)) {
    reply = await(invocation, *std::move(reply), terminal);
    if (!reply) {
      return fail(terminal, reply.error(), invocation.json, invocation.colour);
    }
  }
  if (!reply->ok) {
    return show_refusal(invocation, *reply, terminal);
  }
  const Json next = at(reply->result(), "next");
  const int shown = show(invocation, *std::move(reply), terminal);
  if (!invocation.follow || shown != 0) {
    return shown;
  }
  const auto followed = follow(invocation, next, terminal);
  return followed ? 0 : fail(terminal, followed.error(), invocation.json, invocation.colour);
}

}  // namespace dialtone::cli
