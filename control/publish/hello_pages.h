// SPDX-License-Identifier: Apache-2.0
//
// The memory that a dataplane shares with control: the descriptors that came with its HELLO
// (abi::HelloDescriptor). Counters and events are for commands to map when somebody asks; the miss
// rings are mapped as long as the dataplane is connected. One thread.
#pragma once

#include "control/publish/miss_source.h"
#include "dataplane/base/result.h"
#include "dataplane/base/unique_fd.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace dialtone::publish {

class HelloPages {
 public:
  // None: no dataplane is connected.
  HelloPages() = default;

  // `descriptors` in the order of HELLO; a dataplane may leave out the last ones. An Error when
  // the miss rings are unsound: they are written to, so nothing else of this dataplane is trusted.
  static Result<HelloPages> take(std::vector<UniqueFd> descriptors);

  int counters_fd() const noexcept { return counters_.get(); }  // -1: none
  int events_fd() const noexcept { return events_.get(); }      // -1: none

  // Appends the names that workers ask for, `most` at most. A dataplane without rings never asks.
  void take_misses(std::vector<abi::Miss>& out, std::size_t most);
  // Records of the miss rings, so far, that no sound dataplane writes.
  std::uint64_t faulty_misses() const noexcept { return misses_ ? misses_->faulty() : 0; }

 private:
  HelloPages(UniqueFd counters, UniqueFd events, std::optional<MissSource> misses) noexcept
      : counters_(std::move(counters)), events_(std::move(events)), misses_(std::move(misses)) {}

  UniqueFd counters_;
  UniqueFd events_;
  std::optional<MissSource> misses_;
};

}  // namespace dialtone::publish
