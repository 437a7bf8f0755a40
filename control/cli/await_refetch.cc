// SPDX-License-Identifier: Apache-2.0
#include "control/cli/await_refetch.h"

#include "control/cli/amounts.h"
#include "control/cli/fields.h"

#include <chrono>
#include <thread>

namespace dialtone::cli {
namespace {

using Clock = std::chrono::steady_clock;
using api::Json;

constexpr std::chrono::milliseconds kBetweenLooks{100};

// Those of `served` that were asked for since then.
Json fetched_since(const Json& served, std::uint64_t since_us) {
  Json files = Json::array();
  for (const Json& file : list_at(served, "files")) {
    if (count_at(at(file, "fetched"), "time_us") >= since_us) {
      files.push_back(file);
    }
  }
  return files;
}

}  // namespace

Result<api::Reply> await_refetch(const Invocation& asked, api::Reply reply, const Ask& ask) {
  const auto end = Clock::now() + *asked.refetch_patience;
  const std::string device = text_at(reply.result(), "device");
  Invocation look = asked;
  look.command = "served";
  look.arguments = {{"device", device}};
  for (;;) {
    auto served = ask(look);
    if (!served || !served->ok) {
      return served;
    }
    Json files = fetched_since(served->result(), count_at(reply.result(), "asked_us"));
    if (!files.empty()) {
      reply.document["result"]["refetch"] = files.size();
      reply.document["result"]["fetched"] = std::move(files);
      return reply;
    }
    if (Clock::now() >= end) {
      return Error{ErrorCode::kTimeout,
                   device + " has not asked for a file of its own within " +
                       human_uptime(static_cast<std::uint64_t>(asked.refetch_patience->count())) +
                       " behind its reset; 'dialtone events --device " + device +
                       "' shows what it asked for"};
    }
    std::this_thread::sleep_for(kBetweenLooks);
  }
}

}  // namespace dialtone::cli
