// SPDX-License-Identifier: Apache-2.0
//
// The words for what DataplaneHealth has seen of the workers, of their sessions and of attacks.
#include "control/daemon/dataplane_health.h"
#include "dataplane/base/counted.h"

#include <algorithm>

namespace dialtone::daemon {
namespace {

using std::chrono::duration_cast;
using std::chrono::seconds;

}  // namespace

std::string DataplaneHealth::ago(Clock::time_point then) const {
  const auto passed = duration_cast<seconds>(seen_ - then).count();
  return passed < 120    ? std::to_string(passed) + " s"
         : passed < 7200 ? std::to_string(passed / 60) + " min"
                         : std::to_string(passed / 3600) + " h";
}

void DataplaneHealth::warn_of_workers(std::vector<std::string>& texts) const {
  const auto is_stuck = [this](const Worker& worker) { return seen_ - worker.moved > kStuckAfter; };
  const auto stuck = std::count_if(workers_.begin(), workers_.end(), is_stuck);
  if (stuck == 0) {
    return;
  }
  const auto longest =
      std::min_element(workers_.begin(), workers_.end(), [](const Worker& a, const Worker& b) {
        return a.moved < b.moved;
      })->moved;
  std::string who = "the dataplane stands still";
  std::string then = "no client is answered";
  if (static_cast<std::size_t>(stuck) < workers_.size()) {
    who = "of the dataplane's workers stand still:";
    for (std::size_t number = 0; number < workers_.size(); ++number) {
      who += is_stuck(workers_[number]) ? ' ' + std::to_string(number) : std::string();
    }
    then = "clients whose packets come to them are not answered";
  }
  texts.push_back(who + ", for " + ago(longest) + ": " + then +
                  "; if a signal or a debugger has stopped it (pid " + std::to_string(*pid_) +
                  "), let it go on; else its port blocks, or its CPU is taken away (lcores): see "
                  "the log of dialtone-dataplane, and restart it");
}

void DataplaneHealth::warn_of_sessions(std::vector<std::string>& texts) const {
  const std::uint64_t busy = recent(kBusy);
  const std::uint64_t dropped = recent(kExhausted);
  const bool was_full = last_full_ && seen_ - *last_full_ < kRemembered;
  if (!was_full && busy == 0 && dropped == 0) {
    return;
  }
  std::uint64_t sessions = 0;
  std::uint64_t limit = 0;
  std::uint64_t above = 0;
  for (const Worker& worker : workers_) {
    const std::uint64_t within = std::min(worker.sessions, worker.limit);
    sessions += within;
    limit += worker.limit;
    above += worker.sessions - within;
  }
  std::string text = "the sessions ";
  if (full_since_) {
    text += "are full, for " + ago(*full_since_);
  } else if (was_full) {
    text += "were full " + ago(*last_full_) + " ago";
  } else {
    text += "were full within the last minute";
  }
  text += ": " + std::to_string(sessions) + " of " + std::to_string(limit) + " in use";
  if (above != 0) {
    text += " and " + std::to_string(above) +
            " above (kept for clients that have answered before, or begun under a higher limit)";
  }
  text += ", " + counted(waiting_, "request") + " waiting";
  if (busy != 0 || dropped != 0) {
    text += ", in the last minute " + std::to_string(busy) + " told busy and " +
            std::to_string(dropped) + " dropped";
  }
  texts.push_back(text +
                  "; a higher max_serving_count in [policy], or max_sessions in [dataplane], lets "
                  "more clients in at a time");
}

void DataplaneHealth::warn_of_attack(std::vector<std::string>& texts) const {
  if (!attacked_since_) {
    return;
  }
  const std::uint64_t requests = recent(kAttack) + recent(kUnanswered);
  texts.push_back("under attack, for " + ago(*attacked_since_) + ": " +
                  counted(requests, "request") +
                  " in the last minute while addresses that never answer asked for more than "
                  "unproven_kb, or held half of the sessions; clients that have answered before "
                  "are served, new ones may wait: allow the clients' networks alone in [policy] "
                  "(docs/admission.md)");
}

void DataplaneHealth::warn_of_stop(std::vector<std::string>& texts) const {
  if (!stopping_since_) {
    return;
  }
  std::uint64_t sessions = 0;
  for (const Worker& worker : workers_) {
    sessions += worker.sessions;
  }
  texts.push_back("the dataplane is stopping, for " + ago(*stopping_since_) + ": " +
                  counted(sessions, "transfer") +
                  " may go on to the end (stop_within_s), and who asks now is not answered until "
                  "it is started again");
}

std::vector<std::string> DataplaneHealth::warnings() const {
  std::vector<std::string> texts;
  if (!pid_) {
    return texts;
  }
  if (!trouble_.empty()) {
    texts.push_back("whether the dataplane is well is not known: " + trouble_ +
                    "; install both programs from one release");
  }
  warn_of_stop(texts);
  warn_of_workers(texts);
  warn_of_link(texts);
  warn_of_sessions(texts);
  warn_of_attack(texts);
  warn_of_rates(texts);
  warn_of_losses(texts);
  warn_of_narrow_links(texts);
  warn_of_addresses(texts);
  return texts;
}

}  // namespace dialtone::daemon
