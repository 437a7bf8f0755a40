// SPDX-License-Identifier: Apache-2.0
#include "control/cli/follow.h"

#include "control/api/client.h"
#include "control/cli/fields.h"
#include "control/cli/json_line.h"
#include "control/cli/render.h"

#include <poll.h>

#include <optional>
#include <utility>

namespace dialtone::cli {
namespace {

constexpr int kPauseMs = 200;
constexpr std::uint64_t kMostAtOnce = 10'000;  // as many as a reply holds

// False: whoever reads has gone.
bool pause(int out) {
  pollfd fd{out, 0, 0};
  return ::poll(&fd, 1, kPauseMs) == 0;
}

Result<api::Reply> ask(std::optional<api::Client>& client, const Invocation& invocation) {
  if (!client) {
    auto connected = api::Client::connect(invocation.socket);
    if (!connected) {
      return connected.error();
    }
    client.emplace(*std::move(connected));
  }
  return client->call(invocation.command, invocation.arguments, {}, invocation.patience);
}

}  // namespace

Result<void> follow(Invocation invocation, api::Json next, const Terminal& terminal) {
  const Style style = style_of(terminal.out, invocation.colour);
  const Style warning_style = style_of(terminal.err, invocation.colour);
  invocation.arguments["limit"] = kMostAtOnce;
  std::optional<api::Client> client;
  while (pause(terminal.out)) {
    invocation.arguments["after"] = next;
    auto reply = ask(client, invocation);
    if (!reply) {
      return reply.error();
    }
    if (!reply->ok) {
      return reply->error;
    }
    next = at(reply->result(), "next");
    Rendered rendered = render_events(reply->result(), style, Heading::kNo);
    const bool is_new = !list_at(reply->result(), "events").empty();
    if (is_new) {
      DIALTONE_TRY(
          write_all(terminal.out, invocation.json ? json_line(reply->document) : rendered.out));
    }
    rendered.warnings.insert(rendered.warnings.begin(), reply->warnings.begin(),
                             reply->warnings.end());
    for (const std::string& warning : rendered.warnings) {
      DIALTONE_TRY(write_all(terminal.err, warning_line(warning, warning_style)));
    }
  }
  return {};
}

}  // namespace dialtone::cli
