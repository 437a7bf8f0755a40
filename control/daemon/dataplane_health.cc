// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/dataplane_health.h"

#include "control/daemon/health_warnings.h"
#include "control/daemon/map_page.h"

#include <algorithm>

namespace dialtone::daemon {

void DataplaneHealth::look(const publish::Publisher& publisher, Clock::time_point now) {
  const abi::HelloMessage* hello = publisher.hello();
  const int fd = publisher.pages().counters_fd();
  if (hello == nullptr || fd < 0) {
    *this = {};
    return;
  }
  if (pid_ != hello->pid) {
    *this = {};
    pid_ = hello->pid;
    next_ = now;
  }
  if (now < next_) {
    return;
  }
  next_ = now + kBetweenLooks;
  const auto page = map_page(fd, "counters");
  const auto view = page ? abi::CountersView::open(page->bytes()) : page.error();
  trouble_ = view ? "" : view.error().text;
  if (view) {
    const bool is_on = hello->service == abi::ServiceState::kRunning &&
                       publisher.unanswered_order() != abi::ServiceOrder::kStop &&
                       publisher.unanswered_order() != abi::ServiceOrder::kDrain;
    memory_.note(read_health(*view), is_on, now);
  } else {
    memory_.note_failure(now);
  }
}

bool DataplaneHealth::is_full() const noexcept {
  const std::vector<WorkerReading>& workers = memory_.now().workers;
  return !workers.empty() &&
         std::all_of(workers.begin(), workers.end(),
                     [](const WorkerReading& worker) { return worker.is_full(); });
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
  warn_of_stop(memory_, texts);
  warn_of_workers(memory_, *pid_, texts);
  warn_of_link(memory_, texts);
  warn_of_sessions(memory_, texts);
  warn_of_attack(memory_, texts);
  warn_of_rates(memory_, texts);
  warn_of_losses(memory_, texts);
  warn_of_narrow_links(memory_, texts);
  warn_of_addresses(memory_, texts);
  return texts;
}

}  // namespace dialtone::daemon
