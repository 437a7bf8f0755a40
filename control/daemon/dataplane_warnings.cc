// SPDX-License-Identifier: Apache-2.0
//
// The words for what is remembered of the workers, of their sessions and of attacks.
#include "control/daemon/health_warnings.h"
#include "dataplane/base/counted.h"

#include <algorithm>

namespace dialtone::daemon {
namespace {

using std::chrono::duration_cast;
using std::chrono::seconds;
using enum HealthCount;

}  // namespace

std::string ago(const HealthMemory& memory, HealthMemory::Clock::time_point then) {
  const auto passed = duration_cast<seconds>(memory.seen() - then).count();
  return passed < 120    ? std::to_string(passed) + " s"
         : passed < 7200 ? std::to_string(passed / 60) + " min"
                         : std::to_string(passed / 3600) + " h";
}

void warn_of_workers(const HealthMemory& memory, std::uint64_t pid, Texts& texts) {
  const std::size_t workers = memory.now().workers.size();
  std::size_t stuck = 0;
  std::string numbers;
  HealthMemory::Clock::time_point longest = memory.seen();
  for (std::size_t number = 0; number < workers; ++number) {
    const auto moved = memory.moved(number);
    if (memory.seen() - moved > kStuckAfter) {
      ++stuck;
      numbers += ' ' + std::to_string(number);
      longest = std::min(longest, moved);
    }
  }
  if (stuck == 0) {
    return;
  }
  std::string who = "the dataplane stands still";
  std::string then = "no client is answered";
  if (stuck < workers) {
    who = "of the dataplane's workers stand still:" + numbers;
    then = "clients whose packets come to them are not answered";
  }
  texts.push_back(who + ", for " + ago(memory, longest) + ": " + then +
                  "; if a signal or a debugger has stopped it (pid " + std::to_string(pid) +
                  "), let it go on; else its port blocks, or its CPU is taken away (lcores): see "
                  "the log of dialtone-dataplane, and restart it");
}

void warn_of_sessions(const HealthMemory& memory, Texts& texts) {
  const std::uint64_t busy = memory.recent(kBusy);
  const std::uint64_t dropped = memory.recent(kExhausted);
  const bool was_full =
      memory.last_full() && memory.seen() - *memory.last_full() < HealthMemory::kRemembered;
  if (!was_full && busy == 0 && dropped == 0) {
    return;
  }
  std::uint64_t sessions = 0;
  std::uint64_t limit = 0;
  std::uint64_t above = 0;
  for (const WorkerReading& worker : memory.now().workers) {
    const std::uint64_t within = std::min(worker.sessions, worker.limit);
    sessions += within;
    limit += worker.limit;
    above += worker.sessions - within;
  }
  std::string text = "the sessions ";
  if (memory.full_since()) {
    text += "are full, for " + ago(memory, *memory.full_since());
  } else if (was_full) {
    text += "were full " + ago(memory, *memory.last_full()) + " ago";
  } else {
    text += "were full within the last minute";
  }
  text += ": " + std::to_string(sessions) + " of " + std::to_string(limit) + " in use";
  if (above != 0) {
    text += " and " + std::to_string(above) +
            " above (kept for clients that have answered before, or begun under a higher limit)";
  }
  text += ", " + counted(memory.now().waiting, "request") + " waiting";
  if (busy != 0 || dropped != 0) {
    text += ", in the last minute " + std::to_string(busy) + " told busy and " +
            std::to_string(dropped) + " dropped";
  }
  texts.push_back(text +
                  "; a higher max_serving_count in [policy], or max_sessions in [dataplane], lets "
                  "more clients in at a time");
}

void warn_of_attack(const HealthMemory& memory, Texts& texts) {
  if (!memory.attacked_since()) {
    return;
  }
  const std::uint64_t requests = memory.recent(kAttack) + memory.recent(kUnanswered);
  texts.push_back("under attack, for " + ago(memory, *memory.attacked_since()) + ": " +
                  counted(requests, "request") +
                  " in the last minute while addresses that never answer asked for more than "
                  "unproven_kb, or held half of the sessions; clients that have answered before "
                  "are served, new ones may wait: allow the clients' networks alone in [policy] "
                  "(docs/admission.md)");
}

void warn_of_stop(const HealthMemory& memory, Texts& texts) {
  if (!memory.stopping_since()) {
    return;
  }
  std::uint64_t sessions = 0;
  for (const WorkerReading& worker : memory.now().workers) {
    sessions += worker.sessions;
  }
  texts.push_back("the dataplane is stopping, for " + ago(memory, *memory.stopping_since()) + ": " +
                  counted(sessions, "transfer") +
                  " may go on to the end (stop_within_s), and who asks now is not answered until "
                  "it is started again");
}

}  // namespace dialtone::daemon
