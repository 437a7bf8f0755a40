// SPDX-License-Identifier: Apache-2.0
//
// What a command of the control socket gives back, before it is a message: see docs/control-api.md.
#pragma once

#include "control/api/message.h"
#include "control/build/build_report.h"
#include "control/daemon/background_work.h"
#include "dataplane/base/diagnostic.h"
#include "dataplane/base/result.h"
#include "dataplane/base/unique_fd.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace dialtone::daemon {

// A change that is built: the reply says what became of it.
struct PendingPublish {
  std::uint64_t version = 0;  // of the image
  build::BuildReport report;
  bool wait = true;       // hold the reply back until it is served
  bool rollback = false;  // not the version, but what is offered in its stead
  bool policy = false;    // it is of how requests are answered, whatever the files are
};

struct Answer;
struct Refusal;
using Outcome = std::variant<Answer, Refusal>;

struct Answer {
  api::Json result = api::Json::object();
  std::vector<std::string> warnings;
  std::vector<UniqueFd> attachments;
  std::optional<PendingPublish> publish;  // the server adds "publish" to `result`
  // What comes of `work`, if it went well, in the stead of this answer. On control's thread,
  // whether or not the client is still there. Goes behind `work`, which may use what it has.
  std::function<Outcome()> finish;
  // Still going on; null: nothing is. An Error of it is a refusal; where nothing finishes it, the
  // server adds what it gave as "said".
  std::unique_ptr<BackgroundWork> work;
  // drained_transfers() before the publish: the server adds "broken_transfers".
  std::optional<std::uint64_t> drained;
  // The generation before the publish: the server adds it as "prev", and the one now as
  // "generation".
  std::optional<std::uint64_t> previous;
};

struct Refusal {
  Error error;
  Diagnostics faults;
};

// `faults` are those of a refusal.
inline Outcome to_outcome(Result<Answer> answer, Diagnostics faults = {}) {
  return answer ? Outcome(*std::move(answer)) : Outcome(Refusal{answer.error(), std::move(faults)});
}

}  // namespace dialtone::daemon
