// SPDX-License-Identifier: Apache-2.0
//
// The miss rings of the dataplane, mapped: the names that its workers ask for (abi/miss_ring.h).
// They are another process's data: the memory is checked when it is opened, and each record when it
// is taken. One thread; never blocks.
#pragma once

#include "dataplane/abi/miss_ring.h"
#include "dataplane/base/mapping.h"
#include "dataplane/base/result.h"

#include <cstddef>
#include <vector>

namespace dialtone::publish {

class MissSource {
 public:
  // `fd` came with HELLO; it may be closed afterwards.
  static Result<MissSource> open(int fd);

  void take(std::vector<abi::Miss>& out, std::size_t most) { reader_.take(out, most); }
  std::uint64_t faulty() const noexcept { return reader_.faulty(); }

 private:
  MissSource(Mapping mapping, abi::MissReader reader) noexcept
      : mapping_(std::move(mapping)), reader_(std::move(reader)) {}

  Mapping mapping_;
  abi::MissReader reader_;
};

}  // namespace dialtone::publish
