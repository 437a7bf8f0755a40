// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/change_times.h"

#include <algorithm>

namespace dialtone::daemon {

void ChangeTimes::add(const TracedChange& change) noexcept {
  // When a row was saved its database knows, by a clock that may be another machine's.
  const std::int64_t saved = change.time(ChangeStep::kSaved);
  const std::int64_t begin = saved != 0 ? saved : change.time(ChangeStep::kNoticed);
  const std::int64_t took = std::max<std::int64_t>(change.time(ChangeStep::kServed) - begin, 0);
  if (change.kind == "database") {
    database_.add_us(static_cast<std::uint64_t>(took));
  } else if (change.kind == "folder") {
    folder_.add_us(static_cast<std::uint64_t>(took));
  } else if (change.kind == "build") {
    build_.add_us(static_cast<std::uint64_t>(took));
  }
}

void ChangeTimes::write(metrics::Exposition& out) const {
  database_.write(out, {{"kind", "database"}});
  folder_.write(out, {{"kind", "folder"}});
  build_.write(out, {{"kind", "build"}});
}

}  // namespace dialtone::daemon
