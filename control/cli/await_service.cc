// SPDX-License-Identifier: Apache-2.0
#include "control/cli/await_service.h"

#include "control/cli/amounts.h"
#include "control/cli/fields.h"

#include <chrono>
#include <thread>

namespace dialtone::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kBetweenLooks{20};

Error too_late(const Invocation& asked, const api::Json& result) {
  const std::string why = text_at(result, "why");
  const auto transfers = number_at(result, "transfers");
  std::string text = "the service is " + text_at(result, "state") + ", not " +
                     asked.awaited->state + ", after " +
                     human_uptime(static_cast<std::uint64_t>(asked.awaited->patience.count()));
  text += why.empty() ? "" : ": " + why;
  if (why.empty() && transfers && *transfers != 0) {
    text += ": " + counted(*transfers, "transfer") +
            " goes on; 'dialtone service stop' without --drain gives up what is left after "
            "stop_within_s";
  }
  return {ErrorCode::kTimeout, text};
}

}  // namespace

Result<api::Reply> await_service(const Invocation& asked, api::Reply reply, const Ask& ask) {
  const auto end = Clock::now() + asked.awaited->patience;
  Invocation look = asked;
  look.command = "service status";
  look.arguments = api::Json::object();
  while (reply.ok && text_at(reply.result(), "state") != asked.awaited->state) {
    if (Clock::now() >= end) {
      return too_late(asked, reply.result());
    }
    std::this_thread::sleep_for(kBetweenLooks);
    auto next = ask(look);
    if (!next) {
      return next.error();
    }
    reply = *std::move(next);
  }
  return reply;
}

}  // namespace dialtone::cli
